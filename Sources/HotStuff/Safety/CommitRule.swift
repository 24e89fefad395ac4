/// Which blocks become final, and so what a vote needs and what a certificate locks: a parameter of the chain.
///
/// The clauses that differ are in `ThreeChainRule` and `TwoChainRule`; what both have in common is here. The number is how many
/// blocks of consecutive views, each on the one before, it takes: it is what stands for the rule in the genesis document.
public enum CommitRule: UInt8, CaseIterable, Hashable, Sendable {
    /// HotStuff: safe by its locks alone, whatever the pacemaker does.
    case threeChain = 3
    /// Jolteon: final one view earlier, and a block after a failed view needs the timeout certificate of that view.
    case twoChain = 2

    /// The name of the rule.
    public var name: String {
        switch self {
        case .threeChain: "threeChain"
        case .twoChain: "twoChain"
        }
    }

    /// How many blocks the one that becomes final is below the one that is voted for.
    public var depth: UInt64 { UInt64(rawValue) - 1 }

    /// V4: judges a block against the voter's lock and the timeouts of the view before.
    ///
    /// - Parameters:
    ///   - view: the block's view.
    ///   - justifyView: the view of its parent's certificate.
    ///   - lockedView: the voter's lock.
    ///   - timeout: the timeout certificate that came with the proposal, verified.
    /// - Returns: why the block may not be voted for; nothing if it may.
    func refusal(
        of view: View,
        justifyView: View,
        lockedView: View,
        after timeout: TimeoutCertificate?
    ) -> VoteRefusal? {
        switch self {
        case .threeChain: ThreeChainRule.refusal(of: view, justifyView: justifyView, lockedView: lockedView)
        case .twoChain:
            TwoChainRule.refusal(of: view, justifyView: justifyView, lockedView: lockedView, after: timeout)
        }
    }

    /// L1: the view that must be locked once a certificate has been seen.
    ///
    /// Never below the old one.
    func lock(_ lockedView: View, after certificate: VoteStatement) -> View {
        let locked =
            switch self {
            case .threeChain: ThreeChainRule.locked(by: certificate)
            case .twoChain: TwoChainRule.locked(by: certificate)
            }
        return mutant("lock-goes-back") ? locked : max(lockedView, locked)
    }

    /// What `commits` must say in a vote for a block on top of an ancestry; none if nothing becomes final.
    ///
    /// Where the block that C1 or C2 makes final is, or descends from, an epoch-ending block that is not final yet, it is the
    /// earliest such block instead: what follows it belongs to nobody and is dropped. Complexity: O(pending blocks).
    public func commits(_ header: BlockHeader, on ancestry: Ancestry) -> Digest? {
        let parent = ancestry.tip.header
        let made =
            switch self {
            case .threeChain: ThreeChainRule.finalised(by: header, on: parent)
            case .twoChain: TwoChainRule.finalised(by: header, on: parent)
            }
        guard let finalised = made else { return nil }
        guard let position = ancestry.pending.firstIndex(where: { $0.id == finalised }) else { return finalised }
        return ancestry.pending[...position].first(where: \.header.endsEpoch)?.id ?? finalised
    }
}
