/// The two-chain rule: clauses V4, L1 and C2.
///
/// A block that is final was certified by voters who are locked on its certificate. Two walls keep other blocks out, and either
/// would do: whoever is locked votes for nothing that is justified below, and a block that skips views must show that a quorum
/// gave up the view before it without knowing a higher certificate than its own.
/// Source: Jolteon (Gelashvili et al., FC 2022), section 4 and figure 3.
enum TwoChainRule {
    /// V4: a vote needs a certificate that is not below the lock, and of the view before; or else a timeout certificate of the view
    /// before, in which nobody names a higher one.
    static func refusal(
        of view: View,
        justifyView: View,
        lockedView: View,
        after timeout: TimeoutCertificate?
    ) -> VoteRefusal? {
        let isAfterTimeouts = timeout.map { view.follows($0.view) } ?? false
        // A timeout certificate is no leave to go below what it names: that is this fault, on both walls.
        if isAfterTimeouts, mutant("two-chain-ignore-named-views") { return nil }
        guard justifyView >= lockedView || mutant("ignore-lock") else { return .belowLock }
        if view.follows(justifyView) || mutant("two-chain-without-timeout-certificate") { return nil }
        guard isAfterTimeouts, let timeout else { return .unexplainedGap }
        return timeout.certifiedViews.allSatisfy { $0 <= justifyView } ? nil : .belowTimeouts
    }

    /// L1: a certificate locks its own block.
    static func locked(by certificate: VoteStatement) -> View {
        mutant("two-chain-lock-parent") ? certificate.parentView : certificate.view
    }

    /// C2: for b0 <- b1 of views v, v+1 the vote on b1 finalises b0 and its ancestors.
    ///
    /// Parent links without consecutive views are not enough.
    static func finalised(by header: BlockHeader, on parent: BlockHeader) -> Digest? {
        header.view.follows(parent.view) || mutant("two-chain-commit-over-gap") ? header.parent : nil
    }
}
