/// Says whether a justification is high enough for a vote, and what a certificate locks (clauses V4 and L1).
///
/// Three-chain: a vote needs a certificate at least as high as the lock, and a certificate locks its block's parent.
/// Source: HotStuff (Yin et al., PODC 2019), section 5, algorithm 4, `safeNode` and `update`. The lock alone keeps the chain
/// safe; nothing here looks at time or at leaders.
public enum VotingRule {
    /// V4: whether a block justified in a view may be voted for under a lock.
    public static func allows(justifyView: View, lockedView: View) -> Bool {
        justifyView >= lockedView
    }

    /// L1: the view that must be locked once a certificate has been seen.
    ///
    /// Never below the old one.
    public static func lock(_ lockedView: View, after certificate: VoteStatement) -> View {
        mutant("lock-goes-back") ? certificate.parentView : max(lockedView, certificate.parentView)
    }
}
