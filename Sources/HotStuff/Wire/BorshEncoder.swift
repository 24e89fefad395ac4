/// Writes values in Borsh: little-endian integers of fixed width, lists with a 32-bit count before them, nothing else.
///
/// The encoding is canonical: equal values have equal bytes, and no two encodings mean the same value.
/// Source: the Borsh specification, version 1 (https://borsh.io).
public struct BorshEncoder: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8]

    /// Creates an empty encoder with room for some bytes.
    public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends one byte.
    public mutating func append(_ value: UInt8) {
        bytes.append(value)
    }

    /// Appends a Boolean as the byte 0 or 1.
    public mutating func append(_ value: Bool) {
        bytes.append(value ? 1 : 0)
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
        withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
    }

    /// Appends a value in its own encoding.
    public mutating func append(_ value: some BorshEncodable) {
        value.encode(into: &self)
    }

    /// Appends bytes as they are, without a length.
    public mutating func appendRaw(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    /// Appends the UTF-8 of a text as it is, without a length.
    mutating func appendRaw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a byte string: its length as 32 bits, then the bytes.
    public mutating func appendBytes(_ value: [UInt8]) {
        appendCount(value.count)
        bytes.append(contentsOf: value)
    }

    /// Appends a byte string: its length as 32 bits, then the bytes.
    public mutating func appendBytes(_ value: ArraySlice<UInt8>) {
        appendCount(value.count)
        bytes.append(contentsOf: value)
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
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
