import HotStuffConfiguration

/// The result of `hotstuff bench cluster`.
struct ClusterReport: Equatable, Sendable {
    /// What was measured.
    var setting: ClusterSetting
    /// What came of it.
    var measurement: ClusterMeasurement
    /// What came of other numbers of commands on their way, as far as they were asked for, and of this one.
    var curve: [CurvePoint] = []

    /// A load, and what came of it.
    struct CurvePoint: Equatable, Sendable {
        var outstanding: Int
        var figures: LoadFigures
    }

    /// The report as JSON.
    var json: JSONValue {
        let figures = measurement.figures
        let memory = measurement.memory
        let members: [String: JSONValue] = [
            "blocksPerSecond": .rounded(figures.blocksPerSecond),
            "bytesPerCommand": measurement.bytesPerCommand.map { .rounded($0) } ?? .null,
            "commands": .integer(figures.commands),
            "commandsPerBlock": .rounded(measurement.commandsPerBlock),
            "commandsPerSecond": .rounded(figures.commandsPerSecond),
            "commandsPerSecondByTenth": .list(figures.commandsPerSecondByTenth.map { .rounded($0) }),
            "cpuSeconds": .object([
                "clients": .rounded(measurement.ownProcessorSeconds),
                "replicas": .list(measurement.replicaProcessorSeconds.map { .rounded($0) }),
            ]),
            "cpuMicrosecondsPerBlock": .object(
                Dictionary(
                    uniqueKeysWithValues: measurement.microsecondsPerBlock.map { ($0.kind, .rounded($0.microseconds)) }
                )
            ),
            "cpuSecondsPerThousandCommands": .rounded(measurement.processorSecondsPerThousandCommands, digits: 5),
            "latencyMilliseconds": .object([
                "p50": .rounded(figures.latency.median),
                "p90": .rounded(figures.latency.of90Percent),
                "p99": .rounded(figures.latency.of99Percent),
                "p999": .rounded(figures.latency.of999PerMille),
            ]),
            "latencyAgainstLoad": .list(
                curve.map { point in
                    .object([
                        "commandsPerSecond": .rounded(point.figures.commandsPerSecond),
                        "outstanding": .integer(UInt64(point.outstanding)),
                        "p50": .rounded(point.figures.latency.median),
                        "p99": .rounded(point.figures.latency.of99Percent),
                    ])
                }
            ),
            "longestGapMilliseconds": .rounded(figures.longestGap),
            "residentMegabytes": .list(
                memory.start.indices.map { index in
                    .object([
                        "start": .rounded(memory.start[index]),
                        "middle": .rounded(memory.middle[index]),
                        "end": .rounded(memory.end[index]),
                    ])
                }
            ),
            "seconds": .rounded(figures.seconds),
        ]
        return .object(members.merging(setting.json) { mine, _ in mine })
    }

    /// The report for people.
    var text: String {
        var aligned = AlignedLines()
        for (name, value) in lines { aligned.add(name, value) }
        return aligned.text
    }

    /// The report for people, each line with its name.
    var lines: [(name: String, value: String)] {
        let figures = measurement.figures
        let latency = figures.latency
        var lines: [(name: String, value: String)] = []
        lines.append(("cluster", setting.description))
        lines.append(
            (
                "throughput",
                "\(Figures.count(Int(figures.commandsPerSecond))) commands/s in \(Figures.count(Int(figures.blocksPerSecond))) blocks/s, "
                    + "\(Figures.decimal(measurement.commandsPerBlock, digits: 1)) commands in each"
            )
        )
        let tenths = figures.commandsPerSecondByTenth
        if let first = tenths.first, let last = tenths.last {
            lines.append(
                (
                    "",
                    "\(Figures.count(Int(first))) commands/s in the first tenth of the time, \(Figures.count(Int(last))) in the last"
                )
            )
        }
        lines.append(
            (
                "latency",
                "\(Figures.milliseconds(latency.median)) p50, \(Figures.milliseconds(latency.of90Percent)) p90, "
                    + "\(Figures.milliseconds(latency.of99Percent)) p99, \(Figures.milliseconds(latency.of999PerMille)) p99.9; "
                    + "never more than \(Figures.milliseconds(figures.longestGap)) without a result"
            )
        )
        lines.append(
            (
                "cost",
                "\(Figures.decimal(measurement.processorSecondsPerThousandCommands * 1_000, digits: 2)) µs of processor time for a command"
                    + (measurement.bytesPerCommand.map { ", \(Figures.count(Int($0))) bytes on all connections" } ?? "")
            )
        )
        let parts = measurement.microsecondsPerBlock.map { "\($0.kind) \(Figures.decimal($0.microseconds, digits: 0))" }
        if !parts.isEmpty { lines.append(("", "µs for a block at one replica: \(parts.joined(separator: ", "))")) }
        let memory = measurement.memory
        for index in memory.start.indices {
            lines.append(
                (
                    index == 0 ? "memory" : "",
                    "\(Figures.decimal(memory.start[index], digits: 0)) MB at the beginning, "
                        + "\(Figures.decimal(memory.middle[index], digits: 0)) in the middle, "
                        + "\(Figures.decimal(memory.end[index], digits: 0)) in the end"
                )
            )
        }
        lines.append(
            (
                "measured",
                "\(Figures.count(figures.commands)) commands in \(Figures.milliseconds(figures.seconds * 1_000))"
            )
        )
        return lines
    }
}
