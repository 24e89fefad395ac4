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

    /// The names of all elections, each at the place of its number.
    public static let names = ["roundRobin", "weighted", "reputation", "proofOfWork"]

    /// The number that stands for the election in the genesis document.
    public var number: UInt8 {
        switch self {
        case .roundRobin: 0
        case .weighted: 1
        case .reputation: 2
        case .proofOfWork: 3
        }
    }

    /// The name of the election.
    public var name: String { Self.names[Int(number)] }

    /// How many views in a row one replica leads; nil where they do not lead in turn.
    public var tenure: UInt64? {
        if case .roundRobin(let tenure) = self { tenure } else { nil }
    }

    /// How difficult puzzles are at the beginning; nil where nothing is to be solved.
    public var difficulty: UInt8? {
        if case .proofOfWork(let difficulty) = self { difficulty } else { nil }
    }

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
        encoder.append(number)
        encoder.append(tenure ?? difficulty.map(UInt64.init) ?? 0)
    }
}
