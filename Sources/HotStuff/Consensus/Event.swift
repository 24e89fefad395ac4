/// A fact that has happened, told to the core by its shell.
public enum Event: Hashable, Sendable {
    /// It is now this late. Comes before every batch of other events, and when the moment of a `wake` effect has come.
    case clock(now: Instant, wall: Timestamp)
    /// A connection to a replica was made.
    case connected(ReplicaID)
    /// The connection to a replica broke.
    case disconnected(ReplicaID)
    /// A checked message of an authenticated replica arrived.
    indirect case received(VerifiedMessage, from: ReplicaID)
    /// Blocks, or an answer about snapshots, that were asked of a replica came, and are not what they should be.
    case refused(ReplicaID)
    /// This final block cannot be read from the archive any more.
    case damaged(Height)
    /// Clients of this replica want these commands executed.
    case submitted([Command])
    /// Clients ask for these commands, which were ordered once, but of what became of them nothing is known: they were
    /// ordered before their session was opened, or long ago. They are to be ordered again; none is executed twice.
    case forgotten([Command])
    /// The journal is durable through this position.
    case durable(JournalPosition)
    /// The journal's segment is full: another is to begin, with no more than so many bytes.
    case segmentIsFull(room: Int)
    /// The answer to a `sign` effect of this number.
    case signed(UInt64, Signature)
    /// The snapshot of a `beginSnapshot` effect can be taken; these of its chunks, in ascending order, are missing.
    case snapshotBegun(SnapshotName, missing: [UInt32])
    /// The chunk of a `keepChunk` effect is where it belongs.
    case chunkKept(SnapshotName, UInt32)
    /// The snapshot cannot be taken, whatever its chunks are: the disk does not take it, or the application.
    case snapshotFailed(SnapshotName)
    /// This number solves the puzzle of a `mine` effect.
    case mined(Puzzle, nonce: UInt64)
    /// The application has executed the next block.
    case executed(ExecutedState)
}
