/// Reads values in Borsh from bytes that nobody has checked.
///
/// Every read is bounds-checked and fails with a `DecodingError`; nothing traps, and no count from the input
/// sizes an allocation before the input has been seen to hold that much. Source: the Borsh specification, version 1.
public struct BorshDecoder: Sendable {
    /// What is read, and perhaps more around it.
    let source: [UInt8]
    private let begin: Int
    private var position: Int
    private let end: Int

    /// Creates a decoder at the start of some bytes.
    public init(_ bytes: [UInt8]) {
        self.init(bytes, bytes.indices)
    }

    /// Creates a decoder at the start of a range of some bytes, which it does not copy.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(bytes.indices.contains(range) || range.isEmpty, "bytes \(range) of \(bytes.count)")
        source = bytes
        begin = range.lowerBound
        position = range.lowerBound
        end = range.upperBound
    }

    /// Creates a decoder at the start of a slice, whose bytes it copies.
    public init(_ slice: ArraySlice<UInt8>) {
        self.init(Array(slice))
    }

    /// The number of bytes not yet read.
    public var remaining: Int { end - position }

    /// The number of bytes read.
    public var consumed: Int { position - begin }

    /// Fails unless every byte has been read.
    public func finish() throws(DecodingError) {
        guard remaining == 0 else { throw .trailingBytes(remaining) }
    }

    /// Reads one byte.
    public mutating func readUInt8() throws(DecodingError) -> UInt8 {
        try readInteger()
    }

    /// Reads two bytes, little-endian.
    public mutating func readUInt16() throws(DecodingError) -> UInt16 {
        try readInteger()
    }

    /// Reads four bytes, little-endian.
    public mutating func readUInt32() throws(DecodingError) -> UInt32 {
        try readInteger()
    }

    /// Reads eight bytes, little-endian.
    public mutating func readUInt64() throws(DecodingError) -> UInt64 {
        try readInteger()
    }

    /// Reads a Boolean; a byte other than 0 or 1 is not one.
    public mutating func readBool() throws(DecodingError) -> Bool {
        let byte = try readUInt8()
        guard byte <= 1 else { throw .invalidTag(byte) }
        return byte == 1
    }

    /// Reads a value in its own encoding.
    public mutating func read<Value: BorshDecodable>(
        _ type: Value.Type = Value.self
    ) throws(DecodingError) -> Value {
        try Value(from: &self)
    }

    /// Reads a fixed number of bytes.
    ///
    /// - Parameter count: a number that the program chose, not one from the input.
    /// - Returns: the bytes.
    /// - Throws: `truncated` if there are fewer.
    public mutating func readRaw(count: Int) throws(DecodingError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .truncated }
        defer { position += count }
        return count == 1 ? Self.singleBytes[Int(source[position])] : Array(source[position..<position + count])
    }

    /// All byte strings of one byte: most replies are, and none of them takes memory of its own.
    private static let singleBytes = (0...UInt8.max).map { [$0] }

    /// Reads a byte string of at most some length.
    public mutating func readBytes(maximum: Int) throws(DecodingError) -> [UInt8] {
        try readRaw(count: readCount(maximum: maximum, elementSize: 1))
    }

    /// Reads past a byte string of at most some length.
    ///
    /// - Parameter maximum: the most bytes.
    /// - Returns: where it lies in `source`.
    /// - Throws: `tooLong` or `truncated`.
    mutating func skipBytes(maximum: Int) throws(DecodingError) -> Range<Int> {
        let count = try readCount(maximum: maximum, elementSize: 1)
        position += count
        return position - count..<position
    }

    /// Reads a text of at most some bytes of valid UTF-8.
    public mutating func readText(maximum: Int) throws(DecodingError) -> String {
        guard let text = String(validating: try readBytes(maximum: maximum), as: UTF8.self) else { throw .invalidText }
        return text
    }

    /// Reads a list of at most some elements.
    public mutating func readList<Element: BorshDecodable>(
        of type: Element.Type = Element.self,
        maximum: Int
    ) throws(DecodingError) -> [Element] {
        let count = try readCount(maximum: maximum, elementSize: Element.minimumEncodedSize)
        var values: [Element] = []
        // What a stranger counts is believed as far as it is there: no more memory is taken at once than there are bytes to read.
        values.reserveCapacity(min(count, max(64, remaining / MemoryLayout<Element>.stride)))
        for _ in 0..<count {
            values.append(try Element(from: &self))
        }
        return values
    }

    /// Reads an option.
    public mutating func readOptional<Wrapped: BorshDecodable>(
        _ type: Wrapped.Type = Wrapped.self
    ) throws(DecodingError) -> Wrapped? {
        try readBool() ? try Wrapped(from: &self) : nil
    }

    /// The bytes that were read since so many had been.
    func bytes(from consumed: Int) -> [UInt8] { Array(source[begin + consumed..<position]) }

    /// Reads the count that stands before a list or a byte string, and fails if so much cannot follow.
    mutating func readCount(maximum: Int, elementSize: Int) throws(DecodingError) -> Int {
        let count = Int(try readUInt32())
        guard count <= maximum else { throw .tooLong(count, maximum: maximum) }
        guard count <= remaining / max(elementSize, 1) else { throw .truncated }
        return count
    }

    private mutating func readInteger<Value: FixedWidthInteger>() throws(DecodingError) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= remaining else { throw .truncated }
        let start = position
        position += size
        // The range start..<start + size lies inside the array: checked in the line above.
        return source.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Value.self)) }
    }
}
