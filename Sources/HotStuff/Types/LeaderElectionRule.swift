/// Which of the built-in elections says who leads a view.
public enum LeaderElectionRule: Hashable, Sendable {
    /// Every replica in turn, each for so many views in a row; a failed view ends a tenure.
    case roundRobin(tenure: UInt64)
    /// Every replica as often as its voting power says.
    case weighted
    /// Every replica in turn, but those who failed are passed over for a while.
    case reputation

    /// Where nothing is chosen: every replica in turn, one view each.
    public static let standard = LeaderElectionRule.roundRobin(tenure: 1)

    /// The election; a rule with a fault has none of its own.
    public var election: any LeaderElection {
        switch self {
        case .roundRobin(let tenure): RoundRobin(tenure: max(1, tenure))
        case .weighted: WeightedRotation()
        case .reputation: Reputation()
        }
    }

    /// What is wrong with this rule, as one clause; nothing if all is well.
    public var fault: String? {
        guard case .roundRobin(let tenure) = self, !(1...RoundRobin.maximumTenure).contains(tenure) else { return nil }
        return "leaderTenure is \(tenure), allowed are 1 to \(RoundRobin.maximumTenure)"
    }
}

extension LeaderElectionRule: BorshEncodable {
    /// Appends nine bytes: which election, and the tenure, which is 0 where there is none.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .roundRobin(let tenure):
            encoder.append(UInt8(0))
            encoder.append(tenure)
        case .weighted:
            encoder.append(UInt8(1))
            encoder.append(UInt64(0))
        case .reputation:
            encoder.append(UInt8(2))
            encoder.append(UInt64(0))
        }
    }
}
