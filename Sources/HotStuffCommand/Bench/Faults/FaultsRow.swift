import HotStuff
import HotStuffConfiguration

/// What a cluster did in one span of time.
struct FaultsMeasurement: Equatable, Sendable {
    /// Throughput and latency.
    var figures: LoadFigures
    /// How many views passed at the replica that was asked.
    var views: UInt64
    /// How many of these ended without a certificate.
    var failedViews: UInt64
    /// How many blocks became final there.
    var blocks: UInt64

    /// Creates a measurement of what a replica told before and after.
    init(figures: LoadFigures, before: ReplicaStatus, after: ReplicaStatus) {
        self.figures = figures
        views = after.view.rawValue - min(before.view.rawValue, after.view.rawValue)
        failedViews = after.failedViews - min(before.failedViews, after.failedViews)
        blocks = after.committedHeight.rawValue - min(before.committedHeight.rawValue, after.committedHeight.rawValue)
    }

    /// How many of a thousand views ended without a certificate.
    var failedViewsPerThousand: Double { views > 0 ? 1_000 * Double(failedViews) / Double(views) : 0 }

    /// Final blocks for each view: 1 if every view's block becomes final.
    var chainGrowth: Double { views > 0 ? Double(blocks) / Double(views) : 0 }
}

/// What a cluster did under a load and some faults.
struct FaultsRow: Equatable, Sendable {
    /// What the client did.
    enum Level: String, Sendable {
        /// As much as the cluster takes.
        case full
        /// 30 % of what it took when nothing was wrong.
        case share = "30"
        /// One command after the other.
        case one

        /// The load that does it.
        ///
        /// - Parameters:
        ///   - outstanding: how many commands are on their way at full load.
        ///   - most: how many commands in a second the cluster took when nothing was wrong.
        /// - Returns: the load.
        func load(outstanding: Int, most: Double) -> Load {
            switch self {
            case .full: .full(outstanding: outstanding)
            case .share: .steady(commandsPerSecond: max(1, most * 0.3))
            case .one: .full(outstanding: 1)
            }
        }
    }

    /// The chain.
    var setting: FaultsSetting
    /// How many replicas were killed before.
    var crashed: Int
    /// What one of the others did; none if all behaved.
    var attack: FaultsAttack?
    /// What the client did.
    var load: Level
    /// What came of it.
    var measurement: FaultsMeasurement

    /// The row as JSON.
    var json: JSONValue {
        let figures = measurement.figures
        return .object([
            "attack": .string(attack?.rawValue ?? "none"),
            "chainGrowth": .rounded(measurement.chainGrowth),
            "commandsPerSecond": .rounded(figures.commandsPerSecond),
            "crashed": .integer(UInt64(crashed)),
            "election": .string(setting.election.name),
            "failedViewsPerThousand": .rounded(measurement.failedViewsPerThousand),
            "latencyMilliseconds": .object([
                "p50": .rounded(figures.latency.median), "p99": .rounded(figures.latency.of99Percent),
            ]),
            "linkMilliseconds": .rounded(setting.linkMilliseconds),
            "load": .string(load.rawValue),
            "longestGapMilliseconds": .rounded(figures.longestGap),
            "replicas": .integer(UInt64(setting.replicas)),
            "routing": .string(setting.routing.name),
            "rule": .string(setting.rule.name),
            "tenure": setting.election.tenure.map { .integer($0) } ?? .null,
        ])
    }

    /// The cells of the row in a table for people.
    var cells: [String] {
        let figures = measurement.figures
        return [
            "\(setting.replicas)", setting.electionText, setting.routing.name, setting.rule.name,
            Figures.decimal(setting.linkMilliseconds, digits: 0), "\(crashed)", attack?.rawValue ?? "none",
            load.rawValue, Figures.count(Int(figures.commandsPerSecond)),
            Figures.decimal(figures.latency.median, digits: 1), Figures.decimal(figures.latency.of99Percent, digits: 1),
            Figures.decimal(measurement.failedViewsPerThousand, digits: 1),
            Figures.decimal(measurement.chainGrowth, digits: 3), Figures.decimal(figures.longestGap, digits: 0),
        ]
    }

    /// The names of the cells.
    static let header = [
        "n", "election", "votes", "rule", "link ms", "crashed", "attack", "load", "commands/s", "p50 ms", "p99 ms",
        "failed/1000", "growth", "gap ms",
    ]
}
