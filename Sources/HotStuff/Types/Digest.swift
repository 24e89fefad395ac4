internal import BLAKE3

/// A 32-byte BLAKE3 hash that names a block, a statement, a payload, a state or a whole chain.
///
/// Held as four little-endian words: a copy is free and a dictionary lookup costs a third of that of an array.
public struct Digest: Hashable, Sendable {
    /// Bytes 0 to 7, little-endian.
    public var word0: UInt64
    /// Bytes 8 to 15, little-endian.
    public var word1: UInt64
    /// Bytes 16 to 23, little-endian.
    public var word2: UInt64
    /// Bytes 24 to 31, little-endian.
    public var word3: UInt64

    /// Creates a digest of its four little-endian words.
    @inlinable
    public init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// The digest of all zero bits, which stands for "none" where a header has nothing to name.
    public static let zero = Digest(word0: 0, word1: 0, word2: 0, word3: 0)

    /// How many bits are zero before the first one that is not, the first byte's highest bit being the first.
    public var leadingZeroBitCount: Int {
        var count = 0
        for word in [word0, word1, word2, word3] {
            count += word.byteSwapped.leadingZeroBitCount
            if word != 0 { break }
        }
        return count
    }

    /// The number of bytes of every digest: 32.
    public static let byteCount = 32

    /// The BLAKE3 hash of some bytes.
    public static func hash(of bytes: [UInt8]) -> Digest {
        Digest(BLAKE3.hash(bytes))
    }

    /// The BLAKE3 hashes of slices of some bytes, one after another.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - ends: Where each slice ends and the next one begins, ascending; the first begins at the start.
    /// - Returns: A digest for each slice, in their order.
    static func hashes(of bytes: [UInt8], cutAt ends: [Int]) -> [Digest] {
        bytes.withUnsafeBytes { buffer in
            var start = 0
            let slices = ends.map { end in
                defer { start = end }
                return UnsafeRawBufferPointer(rebasing: buffer[start..<end])
            }
            return BLAKE3.hashes(of: slices).map { Digest($0) }
        }
    }

    init(_ output: BLAKE3Output) {
        self.init(word0: output.word0, word1: output.word1, word2: output.word2, word3: output.word3)
    }

    /// Feeds the first word, which is as good as all four: it is part of a hash already.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(word0) }

    /// The 32 bytes, in order.
    public var bytes: [UInt8] {
        var encoder = BorshEncoder(capacity: Digest.byteCount)
        encode(into: &encoder)
        return encoder.bytes
    }

    /// Creates a digest of exactly 32 bytes, or nothing.
    public init?(bytes: [UInt8]) {
        guard let digest = try? Digest(decoding: bytes) else { return nil }
        self = digest
    }
}

extension Digest: BorshCodable {
    /// Appends the 32 bytes.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(word0, word1, word2, word3)
    }

    /// Reads 32 bytes.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        word0 = try decoder.readUInt64()
        word1 = try decoder.readUInt64()
        word2 = try decoder.readUInt64()
        word3 = try decoder.readUInt64()
    }
}

extension Digest: CustomStringConvertible {
    /// All 64 hexadecimal digits, lower case.
    public var description: String { Hexadecimal.encode(bytes) }

    /// The first eight hexadecimal digits, for people.
    public var short: String { String(description.prefix(8)) }

    /// Creates a digest of 64 hexadecimal digits, or nothing.
    public init?(hexadecimal: String) {
        guard let bytes = Hexadecimal.decode(hexadecimal) else { return nil }
        self.init(bytes: bytes)
    }
}
