/// Why a chain's blocks might never become final although a quorum of its replicas lives and hears each other: who leads, what
/// makes a block final and who collects the votes do not go together.
public struct CommitObstacle: Error, Hashable, Sendable {
    /// What is missing.
    public enum Reason: Hashable, Sendable {
        /// So many live leaders must follow one another, and fewer are sure to, where of so many replicas some may be gone.
        case shortRows(replicas: Int, down: Int, needed: UInt64, sure: UInt64)
        /// What is known of leaders is forgotten with every snapshot, before it has had an effect: so many blocks must lie between two.
        case shortMemory(blocks: UInt64)
        /// Nobody knows whom to send the votes, for whoever solves a puzzle leads.
        case noCollector
    }

    /// What was chosen.
    public let parameters: ChainParameters
    /// What is missing.
    public let reason: Reason
    /// What would take the obstacle away, each for itself.
    public let remedies: [CommitRemedy]
}

/// A change of a chain's parameters that takes an obstacle away.
public enum CommitRemedy: Hashable, Sendable {
    /// Votes to everyone.
    case votesToEveryone
    /// Leaders in turn, each for so many views or more.
    case tenure(UInt64)
    /// The two-chain rule.
    case twoChain
    /// So many blocks or more between two snapshots.
    case snapshotInterval(UInt64)
}

extension ChainParameters {
    /// What might keep blocks from ever becoming final among replicas of some powers while a quorum lives; nothing if blocks will.
    ///
    /// A block is final when as many views in a row are certified as the rule says. A view is certified if its leader lives and, where votes
    /// go to the next leader, that one too. So a row of live leaders is needed, of `CommitRule.depth` + 1 views and one more for that
    /// collector. Let k be the most replicas that may be gone: those whose powers together are no more than P - quorum, the lightest
    /// first. With k = 0 everybody lives, and nothing is in the way. Else:
    ///
    /// - *roundRobin(T)*: k that are gone cut the circle of n leaders into at most k rows, so one row has at least ceil((n - k) / k)
    ///   leaders that live, each with T views. With T > 1 and votes to the next leader a block at which a snapshot is due has another
    ///   collector, and when its view fails both go on, one by one and every T views: within nT views two who live meet if fewer than half
    ///   may be gone, or if T > k. And a row must fit between two snapshots: 2nT blocks.
    /// - *weighted*: the same over the P places of the power, which have a fixed order: at most P - quorum of them belong to those who are
    ///   gone, so one row has at least ceil(quorum / (P - quorum)) places.
    /// - *reputation*: every live leader has his turn, so what is enough with a tenure of one view is enough here. But it takes less: who is
    ///   gone fails once in a window that grows to 256n views, and is passed over meanwhile; others are blamed at most once beside it, and
    ///   rank behind it. All who are gone have together no more power than may be passed over, so in the end all are, for more views than
    ///   any rule needs. Two conditions: the tale of the chain must not begin anew before that, so 8n blocks must lie between
    ///   two snapshots; and blocks must be certified at all, where votes go to the next leader by two live leaders in a row.
    /// - *proof of work*: those who stand back and those who are gone have together less power than all, so somebody is left who can lead
    ///   each view. But nobody is expected to, so votes can only go to everyone.
    ///
    /// Complexity: O(n log n).
    ///
    /// - Parameter powers: the replicas' powers, each above zero, together no more than `ValidatorSet.maximumTotalPower`.
    /// - Returns: the obstacle, or nothing.
    public func obstacle(among powers: [UInt64]) -> CommitObstacle? {
        guard let reason = obstacleReason(among: powers) else { return nil }
        var candidates: [(CommitRemedy, ChainParameters)] = []
        func add(_ remedy: CommitRemedy, _ change: (inout ChainParameters) -> Void) {
            var changed = self
            change(&changed)
            candidates.append((remedy, changed))
        }
        add(.votesToEveryone) { $0.voteRouting = .everyone }
        for tenure in 2...neededRow { add(.tenure(tenure)) { $0.leaderElection = .roundRobin(tenure: tenure) } }
        add(.twoChain) { $0.commitRule = .twoChain }
        if case .shortMemory(let blocks) = reason { add(.snapshotInterval(blocks)) { $0.snapshotInterval = blocks } }
        var hasTenure = false
        let remedies = candidates.filter { remedy, changed in
            guard changed != self, changed.obstacleReason(among: powers) == nil else { return false }
            guard case .tenure = remedy else { return true }
            // The shortest is enough.
            defer { hasTenure = true }
            return !hasTenure
        }
        return CommitObstacle(parameters: self, reason: reason, remedies: remedies.map(\.0))
    }

    private func obstacleReason(among powers: [UInt64]) -> CommitObstacle.Reason? {
        if case .proofOfWork = leaderElection, voteRouting == .nextLeader { return .noCollector }
        let total = powers.reduce(0, +)
        let spare = total - (total * 2 / 3 + 1)
        let down = Self.most(of: powers, within: spare)
        guard down > 0 else { return nil }
        let count = UInt64(powers.count)
        let turns = Self.row(of: count, without: UInt64(down))
        var needed = neededRow
        let sure: UInt64
        var memory: UInt64 = 0
        switch leaderElection {
        case .roundRobin(let tenure):
            let tenure = min(tenure, RoundRobin.maximumTenure)
            sure = turns * tenure
            if tenure > 1, voteRouting == .nextLeader {
                memory = 2 * count * tenure
                if 2 * UInt64(down) >= count { needed = max(needed, UInt64(down) + 1) }
            }
        case .weighted: sure = Self.row(of: total, without: spare)
        case .proofOfWork: return nil
        case .reputation:
            sure = turns
            if voteRouting == .nextLeader {
                (needed, memory) = (2, 8 * count)
            } else if snapshotInterval >= 8 * count {
                return nil
            }
        }
        if sure < needed { return .shortRows(replicas: powers.count, down: down, needed: needed, sure: sure) }
        return snapshotInterval < memory ? .shortMemory(blocks: memory) : nil
    }

    /// How many views of live leaders in a row it takes to make a block final.
    private var neededRow: UInt64 { commitRule.depth + 1 + (voteRouting == .nextLeader ? 1 : 0) }

    /// How many powers, the smallest first, add up to no more than a limit.
    private static func most(of powers: [UInt64], within limit: UInt64) -> Int {
        var rest = limit
        var count = 0
        for power in powers.sorted() {
            guard power <= rest else { break }
            rest -= power
            count += 1
        }
        return count
    }

    /// The length of the longest row that is left of a circle without some of its places, wherever those are: ceil((places - gaps) / gaps).
    private static func row(of places: UInt64, without gaps: UInt64) -> UInt64 { (places - 1) / gaps }
}

extension CommitObstacle: CustomStringConvertible {
    /// One clause.
    public var description: String {
        switch reason {
        case .shortRows(let replicas, let down, let needed, let sure):
            "\(replicas) replicas of which \(down) may be down, \(choices): needs \(needed) live leaders in a row, at most \(sure) are sure"
        case .noCollector:
            "\(choices): whoever solves a puzzle leads the next view, so nobody knows who is to have the votes"
        case .shortMemory(let blocks):
            "\(choices): what is known of leaders is forgotten every \(parameters.snapshotInterval) blocks, needs \(blocks)"
        }
    }

    /// What was chosen, in words.
    private var choices: String {
        let election =
            switch parameters.leaderElection {
            case .roundRobin(let tenure): "round-robin with tenure \(tenure)"
            case .weighted: "leaders by weight"
            case .reputation: "leaders by reputation"
            case .proofOfWork: "leaders by proof of work"
            }
        let rule = parameters.commitRule == .twoChain ? "two-chain" : "three-chain"
        return
            "\(election), \(rule) and votes to \(parameters.voteRouting == .nextLeader ? "the next leader" : "everyone")"
    }
}

extension CommitRemedy: CustomStringConvertible {
    /// A few words.
    public var description: String {
        switch self {
        case .votesToEveryone: "votes to everyone"
        case .tenure(let views): "leaders in turn with a tenure of \(views) or more"
        case .twoChain: "two-chain"
        case .snapshotInterval(let blocks): "a snapshot interval of \(blocks) or more"
        }
    }
}
