/// Writes values in Borsh: little-endian integers of fixed width, lists with a 32-bit count before them, nothing else.
///
/// The encoding is canonical: equal values have equal bytes, and no two encodings mean the same value.
/// Source: the Borsh specification, version 1 (https://borsh.io).
public struct BorshEncoder: Sendable {
    /// What has been written, and room for more behind it: to write into it takes a third of what it takes to append to an array.
    private var room: [UInt8]

    /// How much has been written so far.
    public private(set) var byteCount = 0

    /// Creates an empty encoder with room for some bytes.
    public init(capacity: Int = 0) {
        room = Self.room(of: capacity, beginningWith: [])
    }

    /// What has been written so far; O(its length), but where it fills the room.
    public var bytes: [UInt8] { byteCount == room.count ? room : Array(room[..<byteCount]) }

    /// What was written, in the memory in which it was; O(1).
    public consuming func finish() -> [UInt8] {
        room.removeLast(room.count - byteCount)
        return room
    }

    /// Forgets what was written, and keeps the room.
    mutating func reset() { byteCount = 0 }

    /// Appends one byte.
    public mutating func append(_ value: UInt8) {
        appendInteger(value)
    }

    /// Appends a Boolean as the byte 0 or 1.
    public mutating func append(_ value: Bool) {
        appendInteger(value ? 1 as UInt8 : 0)
    }

    /// Appends two bytes, little-endian.
    public mutating func append(_ value: UInt16) {
        appendInteger(value)
    }

    /// Appends four bytes, little-endian.
    public mutating func append(_ value: UInt32) {
        appendInteger(value)
    }

    /// Appends eight bytes, little-endian.
    public mutating func append(_ value: UInt64) {
        appendInteger(value)
    }

    /// Appends four times eight bytes at once, little-endian.
    mutating func append(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        let words = (first.littleEndian, second.littleEndian, third.littleEndian, fourth.littleEndian)
        withUnsafeBytes(of: words) { append($0) }
    }

    /// Appends a value in its own encoding.
    public mutating func append(_ value: some BorshEncodable) {
        value.encode(into: &self)
    }

    /// Appends bytes as they are, without a length.
    public mutating func appendRaw(_ value: [UInt8]) {
        value.withUnsafeBytes { append($0) }
    }

    /// Appends the UTF-8 of a text as it is, without a length.
    mutating func appendRaw(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a byte string: its length as 32 bits, then the bytes.
    public mutating func appendBytes(_ value: [UInt8]) {
        appendCount(value.count)
        appendRaw(value)
    }

    /// Appends a byte string: its length as 32 bits, then the bytes.
    public mutating func appendBytes(_ value: ArraySlice<UInt8>) {
        appendCount(value.count)
        value.withUnsafeBytes { append($0) }
    }

    /// Appends a text as the byte string of its UTF-8.
    public mutating func appendText(_ value: String) {
        appendBytes(Array(value.utf8))
    }

    /// Appends a list: its count as 32 bits, then each element.
    public mutating func appendList<Element: BorshEncodable>(_ values: [Element]) {
        appendCount(values.count)
        for value in values {
            value.encode(into: &self)
        }
    }

    /// Appends an option: the byte 0, or the byte 1 and the value.
    public mutating func appendOptional<Wrapped: BorshEncodable>(_ value: Wrapped?) {
        guard let value else {
            append(false)
            return
        }
        append(true)
        value.encode(into: &self)
    }

    /// Appends the count that stands before a list or a byte string.
    mutating func appendCount(_ count: Int) {
        precondition(count <= UInt32.max, "a list of \(count) elements has no Borsh encoding")
        append(UInt32(truncatingIfNeeded: count))
    }

    private mutating func appendInteger<Value: FixedWidthInteger>(_ value: Value) {
        let end = byteCount + MemoryLayout<Value>.size
        if end > room.count { grow(to: end) }
        // The room holds `end` bytes: seen in the line above.
        room.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: byteCount, as: Value.self) }
        byteCount = end
    }

    private mutating func append(_ value: UnsafeRawBufferPointer) {
        let end = byteCount + value.count
        if end > room.count { grow(to: end) }
        // The slice lies in the room, and is as long as the value: seen in the line above.
        room.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[byteCount..<end]).copyMemory(from: value)
        }
        byteCount = end
    }

    private mutating func grow(to needed: Int) {
        room = Self.room(of: max(needed, 2 * room.count, 32), beginningWith: room[..<byteCount])
    }

    /// So many bytes, of which the first are known.
    ///
    /// The others are whatever was there: they are written before anybody reads them.
    private static func room(of count: Int, beginningWith written: ArraySlice<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { memory, initializedCount in
            _ = memory.initialize(from: written)
            initializedCount = count
        }
    }
}
