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
/// trap, whatever the commands say: they come from clients unchecked.
public protocol StateMachine: Sendable {
    /// Executes commands in their order and returns one reply for each, of at most `Reply.maximumByteCount` bytes.
    ///
    /// Every command is new: of its key it has never seen one before.
    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply]

    /// A digest of the whole state, by which people and tools compare replicas; zero if the application has none.
    var stateDigest: Digest { get }
}

extension StateMachine {
    /// Zero: the application offers no digest.
    public var stateDigest: Digest { .zero }
}
