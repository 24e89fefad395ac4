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

/// Why a directory cannot be audited: it is not the right one, or not for this program.
package enum AuditRefusal: Error, Equatable, Sendable {
    /// It holds neither a journal nor an archive.
    case nothing(path: String)
    /// A file belongs to another chain.
    case otherChain(path: String, found: Digest, expected: Digest)
    /// The journal was written by the holder of a key that is none of the chain's.
    case otherOwner(path: String, found: Digest)
    /// A file was written in a format that this program does not know.
    case unknownFormat(path: String, what: String, found: UInt32, known: UInt32)
    /// The disk failed.
    case disk(DiskError)
}

extension AuditRefusal: CustomStringConvertible {
    /// What is wrong with which file, as one clause.
    package var description: String {
        switch self {
        case .nothing(let path): "\(path) holds neither a journal nor an archive"
        case .otherChain(let path, let found, let expected):
            "\(path) belongs to chain \(found.short)…, not to \(expected.short)…"
        case .otherOwner(let path, let found):
            "\(path) was written by the replica with key \(found.short)…, which is none of the chain's"
        case .unknownFormat(let path, let what, let found, let known):
            "\(path) has \(what) format \(found), this program knows format \(known)"
        case .disk(let error): error.description
        }
    }
}

/// What ends an audit early.
enum AuditEnd: Error {
    case fault(AuditReport.Fault)
    case refused(AuditRefusal)
}

extension AuditEnd {
    init(_ error: ArchiveError, height: Height?, path: String) {
        switch error {
        case .disk(let error): self = .refused(.disk(error))
        case .unknownFormat(let path, let found, let known):
            self = .refused(.unknownFormat(path: path, what: "archive", found: found, known: known))
        case .wrongChain(let path, let found, let expected):
            self = .refused(.otherChain(path: path, found: found, expected: expected))
        case .notAnArchive(let path):
            self = .fault(.init(height: height, file: path, detail: "it does not begin like a data file of an archive"))
        case .damagedHeader(let path):
            self = .fault(
                .init(height: height, file: path, detail: "its header is damaged, and so is the copy in the index")
            )
        case .gap, .brokenChain, .notNext, .wrongParent, .foreignBlock, .notFinal, .conflict, .tooLarge, .missing,
            .damaged, .unknownName, .wrongRepair, .alreadyHolds, .stopped:
            self = .fault(.init(height: height, file: path, detail: error.description))
        }
    }

    init(_ error: JournalError, height: Height?, path: String) {
        switch error {
        case .disk(let error): self = .refused(.disk(error))
        case .unknownFormat(let path, let found, let known):
            self = .refused(.unknownFormat(path: path, what: "journal", found: found, known: known))
        case .wrongChain(let path, let found, let expected):
            self = .refused(.otherChain(path: path, found: found, expected: expected))
        case .wrongOwner(let path, let found, _): self = .refused(.otherOwner(path: path, found: found))
        case .notAJournal(let path):
            self = .fault(.init(height: height, file: path, detail: "it does not begin like a segment of a journal"))
        case .missing(let path):
            self = .fault(
                .init(height: height, file: path, detail: "it is missing, although the journal goes on behind it")
            )
        case .misplaced(let path, let reason):
            self = .fault(.init(height: height, file: path, detail: "it does not belong here: \(reason)"))
        case .damaged(let path, let offset, let reason):
            self = .fault(.init(height: height, file: path, detail: "it is damaged at byte \(offset): \(reason)"))
        case .storedBatchTooLarge(let path, let offset, let bytes, _):
            self = .fault(
                .init(height: height, file: path, detail: "it has a batch of \(bytes) bytes at byte \(offset)")
            )
        case .rejected(let path, let offset, let reason):
            self = .fault(
                .init(
                    height: height,
                    file: path,
                    detail: "its record at byte \(offset) does not belong there: \(reason)"
                )
            )
        case .removed, .batchTooLarge, .labelTooLong, .stopped:
            self = .fault(.init(height: height, file: path, detail: error.description))
        }
    }

    init(_ fault: ChainFault) {
        self = .fault(.init(height: fault.height, file: fault.source, detail: fault.reason.description))
    }
}
