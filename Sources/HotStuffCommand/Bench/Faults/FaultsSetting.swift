import HotStuff
import HotStuffConfiguration

/// The chain on which rows are measured, and its links.
struct FaultsSetting: Equatable, Sendable {
    /// The number of replicas.
    var replicas: Int
    /// Who leads.
    var election: LeaderElectionRule
    /// When blocks are final.
    var rule: CommitRule
    /// How late what a replica says reaches another one.
    var linkMilliseconds: Double

    /// The same delay in microseconds.
    var linkMicroseconds: Int { Int(linkMilliseconds * 1_000) }

    /// How many replicas of equal weight may fail: f.
    var faultyCount: Int { (replicas - 1) / 3 }

    /// The parameters of the chain.
    var parameters: ChainParameters { ChainParameters(leaderElection: election, commitRule: rule) }

    /// The setting in words.
    var description: String {
        "\(replicas) replicas, \(election.name), \(rule.name), links of \(Figures.decimal(linkMilliseconds, digits: 0)) ms"
    }
}
