import HotStuff
import HotStuffConfiguration

/// The chain on which rows are measured, and its links.
struct FaultsSetting: Equatable, Sendable {
    /// The number of replicas.
    var replicas: Int
    /// Who leads.
    var election: LeaderElectionRule
    /// Who collects the votes.
    var routing: VoteRouting
    /// When blocks are final.
    var rule: CommitRule
    /// How late what a replica says reaches another one.
    var linkMilliseconds: Double

    /// The same delay in microseconds.
    var linkMicroseconds: Int { Int(linkMilliseconds * 1_000) }

    /// How many replicas of equal weight may fail: f.
    var faultyCount: Int { (replicas - 1) / 3 }

    /// The parameters of the chain.
    var parameters: ChainParameters {
        ChainParameters(leaderElection: election, commitRule: rule, voteRouting: routing)
    }

    /// The same with the shortest tenure with which blocks become final while f are down; nothing if there is none.
    ///
    /// What cannot commit at all is measured by nobody.
    var possible: FaultsSetting? {
        let powers = [UInt64](repeating: 1, count: replicas)
        guard let obstacle = parameters.obstacle(among: powers) else { return self }
        guard case .roundRobin = election else { return nil }
        for case .tenure(let views) in obstacle.remedies {
            var longer = self
            longer.election = .roundRobin(tenure: views)
            return longer
        }
        return nil
    }

    /// The election, with its tenure where that is not one view.
    var electionText: String {
        guard let tenure = election.tenure, tenure > 1 else { return election.name }
        return "\(election.name)/\(tenure)"
    }

    /// The setting in words.
    var description: String {
        "\(replicas) replicas, \(electionText), votes to \(routing.name), \(rule.name), "
            + "links of \(Figures.decimal(linkMilliseconds, digits: 0)) ms"
    }
}
