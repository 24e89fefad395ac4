internal import HotStuff

/// Final blocks out of a journal on their way into the archive, as certificates for them are found.
///
/// A journal says of a block that it is final, not why; the certificate is in the journal too, mostly before that, in a later block.
struct ChainRefill<Storage: Disk>: ~Copyable {
    private(set) var archive: BlockArchive<Storage>
    /// Final blocks above the archive's last one.
    private(set) var unproved: [Block] = []
    /// The certificates of blocks that are not final by the journal yet, the newest last.
    private var early: [QuorumCertificate] = []
    private static var earlyCapacity: Int { 64 }

    init(_ archive: consuming BlockArchive<Storage>) { self.archive = archive }

    /// Takes note of what may prove a block final.
    mutating func saw(_ certificate: QuorumCertificate) throws(ArchiveError) {
        guard let final = certificate.statement.commits else { return }
        if try settle(final, by: certificate) { return }
        early.append(certificate)
        if early.count > Self.earlyCapacity { early.removeFirst() }
    }

    /// Takes the next final block.
    mutating func committed(_ block: Block) throws(ArchiveError) {
        guard block.height > archive.height else { return }
        unproved.append(block)
        if let certificate = early.last(where: { $0.statement.commits == block.id }) {
            _ = try settle(block.id, by: certificate)
        }
    }

    /// Moves the blocks up to one into the archive, if that one is among them.
    private mutating func settle(_ final: Digest, by certificate: QuorumCertificate) throws(ArchiveError) -> Bool {
        guard let index = unproved.lastIndex(where: { $0.id == final }) else { return false }
        try archive.append(Array(unproved[...index]), finality: certificate)
        unproved.removeFirst(index + 1)
        return true
    }

    consuming func finish() -> ChainKeeper<Storage> { ChainKeeper(archive, unproved: unproved) }
}
