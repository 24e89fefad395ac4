public import HotStuff

/// The blocks of an archive that cannot be read, and without which a state cannot be brought up to date.
public struct NeededBlocks: Hashable, Sendable {
    /// The file of the archive that should have the first of them.
    public let path: String
    /// The height of the first of them.
    public let first: Height
    /// The height of the last block that is needed.
    public let last: Height
    /// The height through which the archive was found to reach.
    public let archived: Height
}

/// The archive of a replica that cannot start before some of its blocks are repaired.
///
/// Nothing is written but repairs. The replica then starts as if it had been killed during the start before.
public struct DamagedArchive<Storage: Disk>: ~Copyable, Sendable {
    private var archive: BlockArchive<Storage>
    /// The heights of the blocks that are still damaged, ascending.
    public private(set) var heights: [Height]

    /// Opens the archive again, and reads all blocks that are needed.
    ///
    /// Complexity: O(bytes of the needed blocks).
    ///
    /// - Parameters:
    ///   - blocks: what a recovery found.
    ///   - disk: the directory.
    ///   - chain: the digest of the genesis document.
    ///   - configuration: how the archive is kept.
    /// - Throws: what is wrong with which file, or how the disk failed.
    public init(
        needing blocks: NeededBlocks,
        on disk: Storage,
        chain: Digest,
        configuration: ArchiveConfiguration
    ) throws(ArchiveError) {
        let archive = try BlockArchive.open(
            on: disk,
            chain: chain,
            configuration: configuration,
            durableThrough: blocks.archived
        )
        let heights = try archive.reader.damagedHeights(in: blocks.first...max(blocks.first, blocks.last))
        self.heights = heights
        self.archive = archive
    }

    /// Reads the blocks that are whole, from any thread.
    public var reader: BlockArchiveReader<Storage> { archive.reader }

    /// Puts a block that another replica gave in the place of the damaged one; it is durable when this returns.
    ///
    /// - Parameters:
    ///   - block: the block, which is known to be final.
    ///   - certificate: a certificate that commits it, if there is one.
    /// - Throws: that it is not the block that was there, or how the disk failed.
    public mutating func repair(_ block: Block, by certificate: QuorumCertificate?) throws(ArchiveError) {
        try archive.repair(block, certificate: certificate)
        heights.removeAll { $0 == block.height }
    }
}
