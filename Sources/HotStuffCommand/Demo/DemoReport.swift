import HotStuff
import HotStuffConfiguration

/// The outcome of a demo.
struct DemoReport: Equatable, Sendable {
    /// The number of replicas.
    var replicas: Int
    /// The number of committed blocks, of one replica if they differ.
    var committedBlocks: Int
    /// The number of commands that the application executed, of one replica if they differ.
    var committedCommands: UInt64
    /// The seconds from the first submission to the last confirmation.
    var seconds: Double
    /// The confirmed commands in each second.
    var commandsPerSecond: Double
    /// The latency in milliseconds that half of the commands did not exceed.
    var medianLatency: Double
    /// The latency in milliseconds that 99 % of the commands did not exceed.
    var latencyOf99Percent: Double
    /// Whether the replica that was killed reached the others while all ran.
    var restartedReplicaCaughtUp: Bool
    /// Whether the chains on all disks are equal and sound.
    var identicalChains: Bool
    /// Whether the states of all replicas are equal: those they told, and those that their chains give when executed anew.
    var identicalStates: Bool

    /// Whether all is as it should be.
    var isSuccess: Bool { restartedReplicaCaughtUp && identicalChains && identicalStates }

    /// The outcome as JSON.
    var json: JSONValue {
        .object([
            "committedBlocks": .integer(UInt64(committedBlocks)),
            "committedCommands": .integer(committedCommands),
            "commandsPerSecond": .rounded(commandsPerSecond),
            "identicalChains": .boolean(identicalChains),
            "identicalStates": .boolean(identicalStates),
            "latencyMilliseconds": .object(["p50": .rounded(medianLatency), "p99": .rounded(latencyOf99Percent)]),
            "replicas": .integer(UInt64(replicas)),
            "restartedReplicaCaughtUp": .boolean(restartedReplicaCaughtUp),
            "seconds": .rounded(seconds),
        ])
    }

    /// The outcome for people.
    func text(terminal: Terminal) -> String {
        func verdict(_ isGood: Bool, _ good: String, _ bad: String) -> String {
            isGood ? terminal.colored("yes", .green) + "  \(good)" : terminal.colored("NO ", .red) + "  \(bad)"
        }
        let time = "\(Figures.decimal(seconds, digits: 2)) s"
        return """
            \(Figures.count(committedCommands)) commands in \(Figures.count(committedBlocks)) blocks, \(time): \
            \(Figures.count(Int(commandsPerSecond))) commands/s, latency \(Figures.milliseconds(medianLatency)) p50, \
            \(Figures.milliseconds(latencyOf99Percent)) p99
            \(verdict(restartedReplicaCaughtUp, "the replica that was killed caught up", "the killed replica lags behind"))
            \(verdict(identicalChains, "all \(replicas) chains on disk are the same", "the chains on disk differ"))
            \(verdict(identicalStates, "all \(replicas) states are the same", "the states differ"))
            """
    }
}
