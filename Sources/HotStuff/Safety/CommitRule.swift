/// The blocks between what is final and a block that is judged: an unbroken chain of parents.
public struct Ancestry: Hashable, Sendable {
    /// The last final block below.
    public let final: Block
    /// The blocks above it that are not final yet, in ascending order.
    public let pending: [Block]

    /// Creates the chain that leads from a final block upwards.
    public init(final: Block, pending: [Block]) {
        self.final = final
        self.pending = pending
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

/// Says which block becomes final when a quorum votes for a block (clause C1 and the definition of `commits`).
///
/// Three-chain: for b0 <- b1 <- b2 of views v, v+1, v+2, the vote on b2 finalises b0 and its ancestors. Parent links without
/// consecutive views are not enough. Source: HotStuff (Yin et al., PODC 2019), section 5 and algorithm 4.
public enum CommitRule {
    /// What `commits` must say in a vote for a block on top of an ancestry; none if nothing becomes final.
    ///
    /// Where the block that C1 makes final is, or descends from, an epoch-ending block that is not final yet, it is the
    /// earliest such block instead: what follows it belongs to nobody and is dropped. Complexity: O(pending blocks).
    public static func commits(_ header: BlockHeader, on ancestry: Ancestry) -> Digest? {
        let parent = ancestry.tip.header
        guard header.view.follows(parent.view), parent.view.follows(parent.justifyView) else { return nil }
        let finalised = parent.parent
        guard let position = ancestry.pending.firstIndex(where: { $0.id == finalised }) else { return finalised }
        return ancestry.pending[...position].first(where: \.header.endsEpoch)?.id ?? finalised
    }
}
