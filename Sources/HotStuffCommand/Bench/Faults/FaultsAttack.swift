#if HOTSTUFF_ATTACKS
import HotStuffSimulator
#endif

/// Something that a replica does to the others, short of being gone.
enum FaultsAttack: String, CaseIterable, Sendable {
    /// All that it says comes late, by a fifth of a view's time.
    case slow
    #if HOTSTUFF_ATTACKS
    /// Leads on any older certificate.
    case forking
    /// Leads on the parent of the newest certified block.
    case tailForking
    /// Leads with several blocks of one view.
    case equivocating
    /// Says nothing for a while, again and again.
    case silent
    /// Pours out hundreds of messages at once, again and again.
    case flooding
    /// Proposes in views that others lead.
    case usurping
    /// Votes for every block, whatever it voted for before.
    case votingForAll

    /// What makes a replica do it: the name of a strategy of the simulator; none for a replica that is only slow.
    var arguments: [String]? {
        let strategy: StrategyName? =
            switch self {
            case .slow: nil
            case .forking: .forks
            case .tailForking: .tailForks
            case .equivocating: .twoFaces
            case .silent: .silent
            case .flooding: .floods
            case .usurping: .usurpation
            case .votingForAll: .votesForAll
            }
        return strategy.map { ["--attack", $0.rawValue] }
    }
    #endif
}
