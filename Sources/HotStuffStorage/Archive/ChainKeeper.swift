public import HotStuff

/// Puts final blocks into the archive as they come, in runs of as many as have come, each run under one certificate.
///
/// The journal has them too until the archive is synced, so it is synced seldom: before a segment of the journal is removed.
public struct ChainKeeper<Storage: Disk>: ~Copyable, Sendable {
    private var archive: BlockArchive<Storage>
    /// Final blocks for which no certificate has been found yet: after a restart, the last ones.
    private var unproved: [Block]

    /// Takes over an archive.
    ///
    /// - Parameters:
    ///   - archive: the archive.
    ///   - unproved: the final blocks above it whose certificate has not been found.
    init(_ archive: consuming BlockArchive<Storage>, unproved: [Block]) {
        self.archive = archive
        self.unproved = unproved
    }

    /// Reads blocks, from any thread.
    public var reader: BlockArchiveReader<Storage> { archive.reader }

    /// Answers requests for blocks.
    public var shelf: BlockShelf<Storage> { BlockShelf(archive.reader) }

    /// The height through which a loss of power takes nothing.
    public var durableHeight: Height { archive.durableHeight }

    /// Keeps blocks that became final, in their order.
    ///
    /// - Parameters:
    ///   - blocks: the blocks, without a gap.
    ///   - certificate: a certificate that makes the last of them final, or a descendant of it.
    public mutating func keep(_ blocks: [Block], by certificate: QuorumCertificate) throws(ArchiveError) {
        guard !blocks.isEmpty else { return }
        try archive.append(unproved + blocks, finality: certificate)
        unproved = []
    }

    /// Makes all that is kept durable.
    public mutating func sync() throws(ArchiveError) { try archive.sync() }

    /// Removes what the policy does not want any more, once a snapshot is there to start from.
    ///
    /// - Returns: the number of files that were removed.
    public mutating func prune(snapshotHeight: Height) throws(ArchiveError) -> Int {
        try archive.prune(snapshotHeight: snapshotHeight)
    }
}

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
