public import HotStuff

/// Why a journal cannot be opened, written or read.
public enum JournalError: Error, Equatable, Sendable {
    /// The disk failed.
    case disk(DiskError)
    /// The file begins like no journal.
    case notAJournal(path: String)
    /// The file was written in a format that this program does not know.
    case unknownFormat(path: String, found: UInt32, known: UInt32)
    /// The journal of another chain.
    case wrongChain(path: String, found: Digest, expected: Digest)
    /// The journal of another replica.
    case wrongOwner(path: String, found: Digest, expected: Digest)
    /// A segment is not there, although one before it and one after it are.
    case missing(path: String)
    /// A segment that is whole in itself does not belong in this place of this journal.
    case misplaced(path: String, reason: String)
    /// A segment has been removed, and with it the record that was to be read.
    case removed(path: String)
    /// Content that was once whole is not any more, at an offset in bytes.
    case damaged(path: String, offset: UInt64, reason: String)
    /// A record, or the records of one batch, are more than the configuration allows; nothing was written.
    case batchTooLarge(path: String, bytes: Int, maximum: Int)
    /// The label of a segment is longer than one may be; nothing was written.
    case labelTooLong(bytes: Int, maximum: Int)
    /// A batch in the file is larger than the configuration allows, at an offset in bytes.
    case storedBatchTooLarge(path: String, offset: UInt64, bytes: Int, maximum: Int)
    /// A record is intact, but whoever replays the journal does not accept it.
    case rejected(path: String, offset: UInt64, reason: String)
    /// The writer was stopped.
    case stopped
}

extension JournalError: CustomStringConvertible {
    /// What is wrong with which file, and what to do.
    public var description: String {
        switch self {
        case .disk(let error):
            error.description
        case .notAJournal(let path):
            "\(path) is not a journal: nothing was changed; move the file away if it does not belong here"
        case .unknownFormat(let path, let found, let known):
            "\(path) has journal format \(found), this program writes format \(known): run the version that wrote it"
        case .wrongChain(let path, let found, let expected):
            "\(path) belongs to chain \(found), not to \(expected): use the data directory of this chain"
        case .wrongOwner(let path, let found, let expected):
            "\(path) was written by the replica with key \(found), not \(expected): use this replica's data directory"
        case .missing(let path):
            "\(path) is missing, although the journal goes on behind it: nothing was changed; put the file back"
        case .misplaced(let path, let reason):
            "\(path) does not belong here: \(reason); nothing was changed; put the right file back"
        case .removed(let path):
            "\(path) has been removed, because what it held is no longer needed"
        case .damaged(let path, let offset, let reason):
            "\(path) is damaged at byte \(offset): \(reason); nothing was changed; check the disk, "
                + "and let this replica join again with an empty data directory and a new key"
        case .batchTooLarge(let path, let bytes, let maximum):
            "a batch of \(bytes) bytes is too large for \(path), which takes at most \(maximum)"
        case .labelTooLong(let bytes, let maximum):
            "a label of \(bytes) bytes is too long for a segment, which takes at most \(maximum)"
        case .storedBatchTooLarge(let path, let offset, let bytes, let maximum):
            "\(path) has a batch of \(bytes) bytes at byte \(offset), and at most \(maximum) are allowed: raise the limit"
        case .rejected(let path, let offset, let reason):
            "\(path) has a record at byte \(offset) that this program does not accept: \(reason)"
        case .stopped:
            "the journal was closed"
        }
    }
}
