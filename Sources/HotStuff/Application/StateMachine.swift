/// What a state machine may know of the block whose commands it executes.
public struct BlockContext: Hashable, Sendable {
    /// The height of the block.
    public let height: Height
    /// The block's time: the proposer's clock, never before that of an earlier block.
    public let time: Timestamp

    /// Creates the context of a block.
    public init(height: Height, time: Timestamp) {
        self.height = height
        self.time = time
    }
}

/// An application that is replicated: a state that commands change, the same way at every replica.
///
/// It must be deterministic: state and replies follow from the commands and the context alone, not from a clock, from
/// randomness, from the order of a `Dictionary` or `Set`, or from anything else that replicas do not share. It must not
/// trap, whatever the commands say: they come from clients unchecked. A command on which it traps stops every replica, until an
/// operator has all of them skip it.
///
/// A machine may offer snapshots of its state, from which replicas start again without executing the whole chain. All replicas of
/// a chain must offer them or none, for their roots are part of the execution digest.
public protocol StateMachine: Sendable {
    /// Executes commands in their order and returns one reply for each, of at most `Reply.maximumByteCount` bytes.
    ///
    /// Every command is new: of its key it has never seen one before. It is called once with all the commands of a block, or, after a
    /// crash, once with each of them: both must give the same replies and the same state.
    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply]

    /// A digest of the whole state, by which people and tools compare replicas; zero if the application has none.
    var stateDigest: Digest { get }

    /// Whether the machine writes and restores snapshots; false if it does not say.
    static var offersSnapshots: Bool { get }

    /// The machine as it is now, which later calls of `execute` do not change: it is written as a snapshot by another thread.
    ///
    /// A value is that already, and the default gives the machine itself. A machine over a database gives one over a checkpoint or
    /// a reading transaction of it. It is called between two blocks and should take no time.
    func frozen() -> Self

    /// Writes all of the state that decides later replies, in pieces of any size.
    ///
    /// Equal states write equal bytes, whatever led to them: in the order of keys, not in that of a hash table or of the pages
    /// of a database. It fails only if the sink does. At every `snapshotInterval`th block it is called once before the next block, for
    /// the root, and once more on the frozen machine, to be stored.
    func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure)

    /// Takes over the state that a snapshot holds, in place of its own.
    ///
    /// The bytes may be anyone's: what they count is checked before memory is taken for it, and they never trap. After an error
    /// the machine is not used.
    mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError)
}

extension StateMachine {
    /// Zero: the application offers no digest.
    public var stateDigest: Digest { .zero }

    /// False: the machine has no snapshots, and a replica executes the chain again.
    public static var offersSnapshots: Bool { false }

    /// The machine itself, which is right for values.
    public func frozen() -> Self { self }

    /// Writes nothing.
    public func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {}

    /// Fails: the machine offers no snapshots.
    public mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError) {
        throw .notOffered
    }
}
