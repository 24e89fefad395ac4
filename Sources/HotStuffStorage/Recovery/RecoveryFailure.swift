public import HotStuff

/// Why what a replica finds on its disk is not enough to go on from.
public enum RecoveryFailure: Error, Sendable, Equatable {
    /// The journal cannot be used.
    case journal(JournalError)
    /// The archive cannot be used.
    case archive(ArchiveError)
    /// The snapshots cannot be looked at.
    case snapshots(SnapshotStoreError)
    /// A block is needed to bring the state up to date, and it is neither covered by an intact snapshot nor can it be read: the
    /// file of the archive that should have it, its height, and what is wrong.
    case lost(path: String, height: Height, reason: String)
    /// The same of blocks that are in the archive and damaged: others may give them (`DamagedArchive`).
    case damaged(NeededBlocks)
    /// The chain goes on from another one at this height, and the directory has no state from which to go on: what was passed over.
    case noBeginning(path: String, height: Height, notices: [String])
}

extension RecoveryFailure: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .journal(let error): error.description
        case .archive(let error): error.description
        case .snapshots(let error): error.description
        case .damaged(let blocks):
            "block \(blocks.first) is damaged in \(blocks.path), and no intact snapshot makes it needless; nothing was changed; it has "
                + "to be fetched from another replica, or let this replica join again with an empty data directory and a new key"
        case .lost(let path, let height, let reason):
            "\(path) does not give block \(height), which no intact snapshot makes needless: \(reason); nothing was changed; put the "
                + "missing file back, or let this replica join again with an empty data directory and a new key"
        case .noBeginning(let path, let height, let notices):
            "\(path) has no intact snapshot of this chain, which goes on from another one with the state of height \(height)"
                + (notices.isEmpty ? "" : " (\(notices.joined(separator: ", ")))")
        }
    }
}
