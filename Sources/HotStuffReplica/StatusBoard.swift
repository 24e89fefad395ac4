internal import HotStuff
internal import Synchronization

/// Where the loop of a replica stands, for others to read.
final class StatusBoard: Sendable {
    struct Standing: Sendable {
        var view = View.genesis
        var leader: ReplicaID?
        var committedHeight = Height.genesis
        var committedBlock = Digest.zero
        var pendingCommands: UInt64 = 0
        var failedViews: UInt64 = 0
    }

    private let standing = Mutex(Standing())

    /// The last that was put up.
    var current: Standing { standing.withLock { $0 } }

    /// Puts up a new one.
    func update(_ new: Standing) { standing.withLock { $0 = new } }
}
