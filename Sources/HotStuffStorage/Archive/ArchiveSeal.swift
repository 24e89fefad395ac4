internal import BLAKE3
internal import HotStuff

/// The checksums of one data file and of its index: BLAKE3 keyed with the file's salt, over the kind of part, its place, its bytes.
///
/// Blocks hold bytes that others chose. Who does not know the salt cannot write a command whose body looks like an entry, and so
/// cannot mislead a scan that looks for the next entry behind a damaged one.
struct ArchiveSeal: Sendable {
    /// What a checksum is of.
    enum Part: UInt64 {
        case head = 1
        case body = 2
        case repairHead = 3
        case repairBody = 4
        case indexEntry = 5
    }

    private let keyed: BLAKE3

    init(_ salt: JournalSalt) {
        guard let keyed = BLAKE3(key: salt.digest.bytes) else { preconditionFailure("a digest has no 32 bytes") }
        self.keyed = keyed
    }

    /// The checksum of some bytes at a place, which is an offset in a file or, in the index, a height; O(n).
    func sum(of part: Part, at place: UInt64, _ bytes: [UInt8]) -> ShortSum {
        var hasher = keyed
        var label = (place.littleEndian, part.rawValue.littleEndian)
        withUnsafeBytes(of: &label) { hasher.update($0) }
        hasher.update(bytes)
        let output = hasher.finalize()
        return ShortSum(word0: output.word0, word1: output.word1)
    }
}
