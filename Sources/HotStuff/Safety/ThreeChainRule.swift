/// The three-chain rule: clauses V4, L1 and C1.
///
/// The lock alone keeps the chain safe; nothing here looks at time, at leaders or at timeouts.
/// Source: HotStuff (Yin et al., PODC 2019), section 5 and algorithm 4, `safeNode` and `update`.
enum ThreeChainRule {
    /// V4: a vote needs a certificate that is not below the lock.
    static func refusal(of view: View, justifyView: View, lockedView: View) -> VoteRefusal? {
        justifyView >= lockedView || mutant("ignore-lock") ? nil : .belowLock
    }

    /// L1: a certificate locks its block's parent.
    static func locked(by certificate: VoteStatement) -> View { certificate.parentView }

    /// C1: for b0 <- b1 <- b2 of views v, v+1, v+2 the vote on b2 finalises b0 and its ancestors.
    ///
    /// Parent links without consecutive views are not enough.
    static func finalised(by header: BlockHeader, on parent: BlockHeader) -> Digest? {
        guard
            header.view.follows(parent.view) && parent.view.follows(parent.justifyView)
                || mutant("commit-without-consecutive-views")
        else { return nil }
        return mutant("commit-two-chain") ? header.parent : parent.parent
    }
}
