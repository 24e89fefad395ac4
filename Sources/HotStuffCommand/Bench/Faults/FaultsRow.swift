import HotStuff
import HotStuffConfiguration

/// What a cluster did in one span of time, under a load and some faults.
struct FaultsRow: Equatable, Sendable {
    /// The chain's parameters, by their names.
    var setting: FaultsSetting
    /// How many replicas were killed before.
    var crashed: Int
    /// What one of the others did; none if all behaved.
    var attack: FaultsAttack?
    /// The load: `full`, or the percentage of what the cluster took when nothing was wrong.
    var load: String
    /// Throughput and latency.
    var figures: LoadFigures
    /// How many of a thousand views ended without a certificate, at one of the replicas that were left.
    var failedViewsPerThousand: Double
    /// Final blocks for each view: 1 if every view's block becomes final.
    var chainGrowth: Double

    /// The row as JSON.
    var json: JSONValue {
        .object([
            "attack": attack.map { .string($0.rawValue) } ?? .null,
            "chainGrowth": .rounded(chainGrowth),
            "commandsPerSecond": .rounded(figures.commandsPerSecond),
            "crashed": .integer(UInt64(crashed)),
            "election": .string(setting.election.name),
            "failedViewsPerThousand": .rounded(failedViewsPerThousand),
            "latencyMilliseconds": .object([
                "p50": .rounded(figures.medianLatency), "p99": .rounded(figures.latencyOf99Percent),
            ]),
            "linkMilliseconds": .rounded(setting.linkMilliseconds),
            "load": .string(load),
            "longestGapMilliseconds": .rounded(figures.longestGap),
            "replicas": .integer(UInt64(setting.replicas)),
            "routing": .string("everyone"),
            "rule": .string(setting.rule.name),
        ])
    }

    /// The cells of the row in a table for people.
    var cells: [String] {
        [
            "\(setting.replicas)", setting.election.name, "everyone", setting.rule.name,
            Figures.decimal(setting.linkMilliseconds, digits: 0), "\(crashed)", attack?.rawValue ?? "none", load,
            Figures.count(Int(figures.commandsPerSecond)), Figures.decimal(figures.medianLatency, digits: 1),
            Figures.decimal(figures.latencyOf99Percent, digits: 1), Figures.decimal(failedViewsPerThousand, digits: 1),
            Figures.decimal(chainGrowth, digits: 3), Figures.decimal(figures.longestGap, digits: 0),
        ]
    }

    /// The names of the cells.
    static let header = [
        "n", "election", "votes", "rule", "link ms", "crashed", "attack", "load", "commands/s", "p50 ms", "p99 ms",
        "failed/1000", "growth", "gap ms",
    ]
}

/// Something that a replica does to the others, short of being gone.
enum FaultsAttack: String, CaseIterable, Sendable {
    /// All that it says comes late, by a fifth of a view's time.
    case slow
}

/// The chain on which rows are measured.
struct FaultsSetting: Equatable, Sendable {
    /// The number of replicas.
    var replicas: Int
    /// Who leads.
    var election: LeaderElectionRule
    /// When blocks are final.
    var rule: CommitRule
    /// How late what a replica says reaches another one.
    var linkMilliseconds: Double

    /// How many replicas of equal weight may fail: f.
    var faultyCount: Int { (replicas - 1) / 3 }

    /// The setting in words.
    var description: String {
        "\(replicas) replicas, \(election.name), \(rule.name), links of \(Figures.decimal(linkMilliseconds, digits: 0)) ms"
    }
}
