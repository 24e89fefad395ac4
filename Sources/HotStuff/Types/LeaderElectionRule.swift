/// Which of the built-in elections says who leads a view.
public enum LeaderElectionRule: Hashable, Sendable {
    /// Every replica in turn, each for so many views in a row; a failed view ends a tenure.
    case roundRobin(tenure: UInt64)
    /// Every replica as often as its voting power says.
    case weighted
    /// Every replica in turn, but those who failed are passed over for a while.
    case reputation
    /// Whoever solves a puzzle of about this difficulty first: so many zero bits, 2 to this power tries on average.
    case proofOfWork(difficulty: UInt8)

    /// Where nothing is chosen: every replica in turn, one view each.
    public static let standard = LeaderElectionRule.roundRobin(tenure: 1)

    /// The election; a rule with a fault has none of its own.
    public var election: any LeaderElection {
        switch self {
        case .roundRobin(let tenure): RoundRobin(tenure: max(1, tenure))
        case .weighted: WeightedRotation()
        case .reputation: Reputation()
        case .proofOfWork(let difficulty):
            ProofOfWork(
                difficulty: min(
                    max(difficulty, ProofOfWork.difficulties.lowerBound),
                    ProofOfWork.difficulties.upperBound
                )
            )
        }
    }

    /// What is wrong with this rule, as one clause; nothing if all is well.
    public var fault: String? {
        switch self {
        case .roundRobin(let tenure) where !(1...RoundRobin.maximumTenure).contains(tenure):
            "leaderTenure is \(tenure), allowed are 1 to \(RoundRobin.maximumTenure)"
        case .proofOfWork(let difficulty) where !ProofOfWork.difficulties.contains(difficulty):
            "workDifficulty is \(difficulty), allowed are \(ProofOfWork.difficulties.lowerBound) to "
                + "\(ProofOfWork.difficulties.upperBound)"
        case .roundRobin, .weighted, .reputation, .proofOfWork: nil
        }
    }
}

extension LeaderElectionRule: BorshEncodable {
    /// Appends nine bytes: which election, and its tenure or difficulty, which is 0 where there is neither.
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
        case .proofOfWork(let difficulty):
            encoder.append(UInt8(3))
            encoder.append(UInt64(difficulty))
        }
    }
}
