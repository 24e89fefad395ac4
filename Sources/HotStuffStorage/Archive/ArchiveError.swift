public import HotStuff

/// Why a block archive cannot be opened, written or read.
public enum ArchiveError: Error, Equatable, Sendable {
    /// The disk failed.
    case disk(DiskError)
    /// The file begins like no data file of an archive.
    case notAnArchive(path: String)
    /// The file was written in a format that this program does not know.
    case unknownFormat(path: String, found: UInt32, known: UInt32)
    /// The archive of another chain.
    case wrongChain(path: String, found: Digest, expected: Digest)
    /// The header of a data file is damaged, and so is its copy in the index.
    case damagedHeader(path: String)
    /// A data file begins at another height than the one before ends.
    case gap(path: String, expected: Height, found: Height)
    /// The first block of a data file does not extend the last one of the file before.
    case brokenChain(path: String)
    /// A block to append is not the next one; nothing was written.
    case notNext(expected: Height, found: Height)
    /// A block to append or to repair does not name the block below it as its parent; nothing was written.
    case wrongParent(Height)
    /// A block to append is of another chain; nothing was written.
    case foreignBlock(Height)
    /// The certificate does not prove the last of the blocks final; nothing was written.
    case notFinal(Height)
    /// A block to append is not the one that the archive has at its height; nothing was written.
    case conflict(Height)
    /// A block to append is larger than an entry can be; nothing was written.
    case tooLarge(Height)
    /// The archive has no block of that height: it is below the first or above the last.
    case missing(Height)
    /// The block of that height can no longer be read.
    case damaged(Height)
    /// The name of the block of that height cannot be told until the block above it can be read.
    case unknownName(Height)
    /// What was given to repair a block is not that block; nothing was written.
    case wrongRepair(Height)
    /// An archive cannot begin again at or below its last height.
    case alreadyHolds(Height)
    /// An earlier write failed, and nobody knows what is on the disk: open the archive again.
    case stopped
}

extension ArchiveError {
    /// Whether the disk failed, now or before, so that nothing can be written any more.
    ///
    /// All else says that files, or what is given to the archive or asked of it, do not fit: it goes on as it is.
    public var isOfDisk: Bool {
        switch self {
        case .disk, .stopped: true
        case .notAnArchive, .unknownFormat, .wrongChain, .damagedHeader, .gap, .brokenChain, .notNext, .wrongParent,
            .foreignBlock, .notFinal, .conflict, .tooLarge, .missing, .damaged, .unknownName, .wrongRepair,
            .alreadyHolds:
            false
        }
    }
}

extension ArchiveError: CustomStringConvertible {
    /// What is wrong with which file or height, and what to do.
    public var description: String {
        switch self {
        case .disk(let error): error.description
        case .notAnArchive(let path):
            "\(path) is not a data file of a block archive: nothing was changed; move it away if it does not belong here"
        case .unknownFormat(let path, let found, let known):
            "\(path) has archive format \(found), this program writes format \(known): run the version that wrote it"
        case .wrongChain(let path, let found, let expected):
            "\(path) belongs to chain \(found), not to \(expected): use the data directory of this chain"
        case .damagedHeader(let path):
            "the header of \(path) is damaged, and so is its copy: check the disk"
        case .gap(let path, let expected, let found):
            "\(path) begins at height \(found), but the file before ends below \(expected): a file is missing"
        case .brokenChain(let path):
            "\(path) does not continue the chain of the file before: a file does not belong here"
        case .notNext(let expected, let found): "block \(found) cannot be archived, block \(expected) is next"
        case .wrongParent(let height): "block \(height) does not extend the block below it"
        case .foreignBlock(let height): "block \(height) belongs to another chain"
        case .notFinal(let height): "the certificate does not make block \(height) final"
        case .conflict(let height): "another block is archived at height \(height)"
        case .tooLarge(let height): "block \(height) is too large to be archived"
        case .missing(let height): "block \(height) is not in the archive"
        case .damaged(let height):
            "block \(height) is damaged in the archive: it has to be fetched from another replica"
        case .unknownName(let height):
            "the name of damaged block \(height) is not known before the block above it has been repaired"
        case .wrongRepair(let height): "this is not the block that was archived at height \(height)"
        case .alreadyHolds(let height): "the archive already reaches height \(height) and cannot begin there"
        case .stopped: "the archive was stopped by an earlier failure: open it again"
        }
    }
}

/// Carries out what a disk does, and gives its failure as one of the archive.
func onArchiveDisk<Result: ~Copyable>(_ body: () throws(DiskError) -> Result) throws(ArchiveError) -> Result {
    do {
        return try body()
    } catch {
        throw .disk(error)
    }
}
