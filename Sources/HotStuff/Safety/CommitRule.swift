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
        guard
            header.view.follows(parent.view) && parent.view.follows(parent.justifyView)
                || mutant("commit-without-consecutive-views")
        else { return nil }
        let finalised = mutant("commit-two-chain") ? header.parent : parent.parent
        guard let position = ancestry.pending.firstIndex(where: { $0.id == finalised }) else { return finalised }
        return ancestry.pending[...position].first(where: \.header.endsEpoch)?.id ?? finalised
    }
}
