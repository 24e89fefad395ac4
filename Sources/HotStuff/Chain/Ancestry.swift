/// The blocks between what is final and a block that is judged: an unbroken chain of parents.
public struct Ancestry: Hashable, Sendable {
    /// The last final block below.
    public let final: Block
    /// The blocks above it that are not final yet, in ascending order.
    public let pending: [Block]
    /// What the chain tells of its leaders up to the final block; nil where the history begins with it.
    public var finalHistory: LeaderHistory?

    /// Creates the chain that leads from a final block upwards.
    public init(final: Block, pending: [Block], finalHistory: LeaderHistory? = nil) {
        self.final = final
        self.pending = pending
        self.finalHistory = finalHistory
    }

    /// The last block of the chain.
    public var tip: Block { pending.last ?? final }

    /// Whether each block names the one below it as its parent.
    public var isUnbroken: Bool {
        zip([final] + pending, pending).allSatisfy { below, above in above.header.parent == below.id }
    }

    /// The earliest block that ends its epoch and is not final yet.
    public var pendingEpochEnd: Block? { pending.first(where: \.header.endsEpoch) }

    /// Whether a block that is not final yet holds commands.
    public var hasCommands: Bool { pending.contains { !$0.payload.isEmpty } }
}
