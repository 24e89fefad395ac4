/// Where a state is read from, piece by piece; the bytes may be anyone's.
public protocol SnapshotSource {
    /// The number of bytes that are left.
    var remaining: UInt64 { get }

    /// The next bytes, exactly so many, or an error.
    ///
    /// It takes no memory for bytes that are not there.
    mutating func read(count: Int) throws(SnapshotError) -> [UInt8]
}

extension SnapshotSource {
    /// Reads two bytes, little-endian.
    public mutating func readUInt16() throws(SnapshotError) -> UInt16 {
        try readInteger()
    }

    /// Reads four bytes, little-endian.
    public mutating func readUInt32() throws(SnapshotError) -> UInt32 {
        try readInteger()
    }

    /// Reads eight bytes, little-endian.
    public mutating func readUInt64() throws(SnapshotError) -> UInt64 {
        try readInteger()
    }

    /// Reads a byte string of at most some length: its length as 32 bits, then the bytes.
    public mutating func readBytes(maximum: Int) throws(SnapshotError) -> [UInt8] {
        let count = Int(try readUInt32())
        guard count <= maximum else { throw .malformed(.tooLong(count, maximum: maximum)) }
        return try read(count: count)
    }

    /// Reads a value that fills exactly so many bytes.
    public mutating func read<Value: BorshDecodable>(
        _ type: Value.Type = Value.self,
        byteCount: Int
    ) throws(SnapshotError) -> Value {
        let bytes = try read(count: byteCount)
        do {
            return try Value(decoding: bytes)
        } catch {
            throw .malformed(error)
        }
    }

    private mutating func readInteger<Number: FixedWidthInteger>() throws(SnapshotError) -> Number {
        var number: Number = 0
        for (index, byte) in try read(count: MemoryLayout<Number>.size).enumerated() {
            number |= Number(truncatingIfNeeded: byte) << Number(truncatingIfNeeded: 8 * index)
        }
        return number
    }
}

/// A state in memory, to be read piece by piece.
public struct SnapshotBytes: SnapshotSource, Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// Begins at the first of some bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes that are left.
    public var remaining: UInt64 { UInt64(bytes.count - position) }

    /// The next bytes, exactly so many, or an error.
    public mutating func read(count: Int) throws(SnapshotError) -> [UInt8] {
        guard count >= 0, count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}
