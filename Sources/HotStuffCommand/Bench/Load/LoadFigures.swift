/// What a load brought about in one span of time.
struct LoadFigures: Equatable, Sendable {
    /// The latency that so many of the commands did not exceed, in milliseconds.
    struct Latency: Equatable, Sendable {
        /// Half of them.
        var median: Double
        /// 90 of a hundred.
        var of90Percent: Double
        /// 99 of a hundred.
        var of99Percent: Double
        /// 999 of a thousand.
        var of999PerMille: Double
    }

    /// A point of the distribution of latency: so many commands of a hundred took no longer.
    struct Quantile: Equatable, Sendable {
        var percent: Double
        var milliseconds: Double
    }

    /// The confirmed commands.
    var commands: UInt64
    /// The blocks that they, and others between them, were in.
    var blocks: UInt64
    /// The length of the span, in seconds.
    var seconds: Double
    /// How long commands took.
    var latency: Latency
    /// The longest time without a confirmation, in milliseconds.
    var longestGap: Double
    /// The confirmed commands of one interval after the other.
    var timeline: [UInt64]
    /// The whole distribution of latency, from the shortest on.
    var distribution: [Quantile]

    /// The length of an interval of the timeline, in milliseconds.
    static let intervalMilliseconds = 200

    /// The confirmed commands in each second of each tenth of the whole intervals; nothing if there are fewer than ten.
    var commandsPerSecondByTenth: [Double] {
        // The last interval is not over.
        let whole = timeline.dropLast()
        guard whole.count >= 10 else { return [] }
        return (0..<10).map { tenth in
            let part = whole[whole.count * tenth / 10..<whole.count * (tenth + 1) / 10]
            return Double(part.reduce(0, +)) * 1_000 / Double(part.count * Self.intervalMilliseconds)
        }
    }

    /// The confirmed commands in each second.
    var commandsPerSecond: Double { seconds > 0 ? Double(commands) / seconds : 0 }

    /// The blocks in each second.
    var blocksPerSecond: Double { seconds > 0 ? Double(blocks) / seconds : 0 }
}
