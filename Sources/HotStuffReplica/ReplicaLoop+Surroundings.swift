internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging

extension ReplicaLoop {
    /// Where wishes go.
    struct Surroundings: Sendable {
        let inbox: Inbox
        let transport: ReplicaTransport
        let journal: JournalWriter<RealDisk>
        /// What follows from a write of the journal that the loop itself has made, for others; nothing where the journal's thread makes all of them, for
        /// it syncs.
        let written: (@Sendable (JournalProgress) -> Void)?
        /// Bounds what is signed, where the journal is not synced.
        let lease: LeaseKeeper?
        let signing: Signing
        /// Solves puzzles, where that elects leaders.
        let miner: Miner?
        let execution: ExecutionThread<Machine>
        let librarian: Librarian
        let snapshots: SnapshotThread<Machine>
        let desk: ClientDesk
        let board: StatusBoard
        let metrics: ReplicaMetrics
        let logger: Logger
        let ended: @Sendable (ReplicaStop) -> Void
    }
}
