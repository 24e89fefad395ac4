internal import BLAKE3
public import HotStuff

/// A secret number that a journal is born with and that every checksum in it depends on.
///
/// Records hold bytes that other replicas chose. Who does not know the salt cannot write a record whose content looks like a
/// batch of this journal, and so cannot make a torn tail look like damage.
public struct JournalSalt: Hashable, Sendable {
    let digest: Digest

    /// Creates a salt of some generator: the system's in earnest, a seeded one in a simulation.
    public init(using generator: inout some RandomNumberGenerator) {
        digest = Digest(
            word0: generator.next(),
            word1: generator.next(),
            word2: generator.next(),
            word3: generator.next()
        )
    }

    /// Creates a salt of given bytes, which in earnest nobody else may know.
    public init(_ digest: Digest) {
        self.digest = digest
    }

    /// A salt of the system's generator.
    public static func random() -> JournalSalt {
        var generator = SystemRandomNumberGenerator()
        return JournalSalt(using: &generator)
    }
}

/// The checksums of one segment: BLAKE3 keyed with the journal's salt, over the segment's number, the kind of part, its offset
/// in the file and its bytes.
///
/// With number and offset inside, bytes that the disk brings back from another place are not believed.
struct JournalSeal: Sendable {
    /// What a checksum is of.
    enum Part: UInt8 {
        case batchHead = 1
        case batchBody = 2
        case record = 3
        case recordHead = 4
        case durableMark = 5
    }

    private let keyed: BLAKE3
    /// The number of the segment.
    let segment: UInt64

    init(_ salt: JournalSalt, segment: UInt64) {
        guard let keyed = BLAKE3(key: salt.digest.bytes) else { preconditionFailure("a digest has no 32 bytes") }
        self.keyed = keyed
        self.segment = segment
    }

    /// The checksum of some bytes at some place; O(n).
    func sum(of part: Part, at offset: UInt64, _ bytes: RawSpan) -> Digest {
        var hasher = keyed
        var place = (segment.littleEndian, offset.littleEndian, UInt64(part.rawValue).littleEndian)
        withUnsafeBytes(of: &place) { hasher.update($0) }
        bytes.withUnsafeBytes { hasher.update($0) }
        let output = hasher.finalize()
        return Digest(word0: output.word0, word1: output.word1, word2: output.word2, word3: output.word3)
    }

    /// The first 16 bytes of the checksum.
    func shortSum(of part: Part, at offset: UInt64, _ bytes: RawSpan) -> ShortSum {
        let sum = sum(of: part, at: offset, bytes)
        return ShortSum(word0: sum.word0, word1: sum.word1)
    }
}

/// A checksum of 16 bytes: enough against accidents and, keyed with a secret, against liars.
struct ShortSum: Hashable, BorshCodable {
    static let byteCount = 16

    let word0: UInt64
    let word1: UInt64

    init(word0: UInt64, word1: UInt64) {
        self.word0 = word0
        self.word1 = word1
    }

    init(from decoder: inout BorshDecoder) throws(DecodingError) {
        word0 = try decoder.readUInt64()
        word1 = try decoder.readUInt64()
    }

    func encode(into encoder: inout BorshEncoder) {
        encoder.append(word0)
        encoder.append(word1)
    }
}
