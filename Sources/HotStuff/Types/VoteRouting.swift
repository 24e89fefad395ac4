/// Who collects the votes for a block: a parameter of the chain.
///
/// The number is what stands for the routing in the genesis document.
public enum VoteRouting: UInt8, CaseIterable, Hashable, Sendable {
    /// Every replica: each makes the certificates itself, and a leader that is gone takes no votes with it.
    case everyone = 0
    /// The leader of the next view, who shows the certificate in its proposal: n messages in place of n², and the votes for a block
    /// are lost with their collector.
    ///
    /// Source: HotStuff (Yin et al., PODC 2019), section 5.
    case nextLeader = 1

    /// The name of the routing.
    public var name: String {
        switch self {
        case .everyone: "everyone"
        case .nextLeader: "nextLeader"
        }
    }
}
