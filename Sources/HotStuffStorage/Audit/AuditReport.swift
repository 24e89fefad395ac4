package import HotStuff

/// What the audit of a data directory found.
package struct AuditReport: Sendable {
    /// What is wrong first.
    package struct Fault: Hashable, Sendable {
        /// The height of the block that it is about, if it is about one.
        package let height: Height?
        /// The file, as a path.
        package let file: String
        /// What is wrong, as one clause.
        package let detail: String

        /// Creates a fault.
        package init(height: Height?, file: String, detail: String) {
            self.height = height
            self.file = file
            self.detail = detail
        }
    }

    /// Whose data they are.
    package internal(set) var replica: ReplicaID?
    /// The heights of the blocks that were checked; none if there are none.
    package internal(set) var heights: ClosedRange<Height>?
    /// The highest block that a certificate proves final.
    package internal(set) var provedHeight = Height.genesis
    /// Blocks, certificates and signatures.
    package internal(set) var counts = ChainAudit.Counts()
    /// The snapshots that are whole and of this chain.
    package internal(set) var snapshots = 0
    /// The records of the journal.
    package internal(set) var records: UInt64 = 0
    /// The bytes at the ends of archive and journal that were being written when their writer ended, or when they were read.
    package internal(set) var tornBytes: UInt64 = 0
    /// The last block that the archive has; none if it has none.
    var archivedThrough: Height?
    /// The bytes behind it.
    var archiveTornBytes: UInt64 = 0
    /// What is wrong first; none if all is whole.
    package internal(set) var fault: Fault?
}

/// How far an audit is.
package struct AuditProgress: Hashable, Sendable {
    /// The blocks that were read.
    package let blocks: UInt64
    /// The bytes that were read, of so many in all.
    package let bytes: UInt64
    /// The bytes that there were when it began.
    package let totalBytes: UInt64

    /// Creates the place of an audit.
    package init(blocks: UInt64, bytes: UInt64, totalBytes: UInt64) {
        self.blocks = blocks
        self.bytes = bytes
        self.totalBytes = totalBytes
    }
}
