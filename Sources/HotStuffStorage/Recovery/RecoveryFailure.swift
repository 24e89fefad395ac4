public import HotStuff

/// Why what a replica finds on its disk is not enough to go on from.
public enum RecoveryFailure: Error, Sendable, Equatable {
    /// The journal cannot be used.
    case journal(JournalError)
    /// The archive cannot be used.
    case archive(ArchiveError)
    /// The snapshots cannot be looked at.
    case snapshots(SnapshotStoreError)
    /// Blocks that would have to be executed are neither in the archive nor covered by a snapshot: the first height that is missing.
    case lost(Height)
}

extension RecoveryFailure: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .journal(let error): error.description
        case .archive(let error): error.description
        case .snapshots(let error): error.description
        case .lost(let height):
            "the block of height \(height) is needed to bring the state up to date, and neither the archive nor a snapshot has it"
        }
    }
}
