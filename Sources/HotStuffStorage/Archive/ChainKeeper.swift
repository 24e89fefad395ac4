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
    public var shelf: BlockShelf<Storage> { BlockShelf(archive.reader, unproved: unproved) }

    /// The height through which a loss of power takes nothing.
    public var durableHeight: Height { archive.durableHeight }

    /// Keeps blocks that became final, in their order.
    ///
    /// - Parameters:
    ///   - blocks: the blocks, without a gap.
    ///   - certificate: a certificate that makes the last of them final, or a descendant of it.
    /// - Throws: what does not fit, or how the disk failed.
    public mutating func keep(_ blocks: [Block], by certificate: QuorumCertificate) throws(ArchiveError) {
        guard !blocks.isEmpty else { return }
        try archive.append(unproved + blocks, finality: certificate)
        unproved = []
    }

    /// Puts a block that another replica gave in the place of the damaged one; it is durable when this returns.
    ///
    /// - Parameters:
    ///   - block: the block, which is known to be final.
    ///   - certificate: a certificate that commits it, if there is one.
    /// - Throws: that it is not the block that was there, or how the disk failed.
    public mutating func repair(_ block: Block, by certificate: QuorumCertificate?) throws(ArchiveError) {
        try archive.repair(block, certificate: certificate)
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
