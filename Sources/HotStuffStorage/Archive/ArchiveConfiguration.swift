/// How a block archive is kept.
public struct ArchiveConfiguration: Hashable, Sendable {
    /// Which blocks stay when `BlockArchive.prune(snapshotHeight:)` is called.
    ///
    /// Only whole data files go, so more may stay than is asked for.
    public enum Retention: Hashable, Sendable {
        /// All.
        case all
        /// At least so many of the last ones, and always those above the snapshot.
        case last(UInt64)
        /// Those above the snapshot.
        case sinceSnapshot
    }

    /// The length in bytes from which a data file is not continued; one append may go beyond by its last block.
    public var fileByteCount: UInt64
    /// Which blocks stay.
    public var retention: Retention
    /// How many data files are open at once at most, each with its index.
    public var maximumOpenFiles: Int

    /// Creates a configuration; by default files of 64 MiB, all blocks, 16 open files.
    ///
    /// - Parameters:
    ///   - fileByteCount: the length from which a data file is not continued, in bytes.
    ///   - retention: which blocks stay.
    ///   - maximumOpenFiles: how many data files are open at once at most.
    public init(fileByteCount: UInt64 = 64 << 20, retention: Retention = .all, maximumOpenFiles: Int = 16) {
        precondition(fileByteCount > 0, "the data files of an archive have room for nothing")
        precondition(maximumOpenFiles > 0, "an archive without an open file")
        self.fileByteCount = fileByteCount
        self.retention = retention
        self.maximumOpenFiles = maximumOpenFiles
    }
}
