import HotStuff
import HotStuffConfiguration

/// What a cluster did under a load, and what that cost.
struct ClusterMeasurement: Equatable, Sendable {
    /// The resident memory of each replica's process, in megabytes; 0 where the system does not tell.
    struct Memory: Equatable, Sendable {
        var start: [Double]
        var middle: [Double]
        var end: [Double]
    }

    /// Throughput and latency, as the clients saw them.
    var figures: LoadFigures
    /// The memory of the replicas.
    var memory: Memory
    /// The time of processors that each replica used, in seconds; nothing where all are in this process.
    var replicaProcessorSeconds: [Double]
    /// The time of processors that this process used: the clients, and the replicas if they are in it.
    var ownProcessorSeconds: Double
    /// The time of processors that the threads of all replicas used, by what they do.
    var threadTimes: ThreadTimes
    /// The bytes that were sent over this machine's loopback, by everybody; nothing where the system does not tell.
    var loopbackBytes: UInt64?

    /// The time of processors of all together for a thousand commands, in seconds.
    var processorSecondsPerThousandCommands: Double {
        per(1_000, replicaProcessorSeconds.reduce(ownProcessorSeconds, +))
    }

    /// The bytes that a command cost on all connections together.
    var bytesPerCommand: Double? { loopbackBytes.map { per(1, Double($0)) } }

    /// The commands of a block, on average.
    var commandsPerBlock: Double { figures.blocks > 0 ? Double(figures.commands) / Double(figures.blocks) : 0 }

    /// The time of processors that each kind of thread used for a block at one replica, in microseconds, the longest first.
    var microsecondsPerBlock: [(kind: String, microseconds: Double)] {
        let count = Double(figures.blocks) * Double(replicaProcessorSeconds.count)
        guard count > 0 else { return [] }
        return threadTimes.seconds.map { ($0.key, $0.value * 1e6 / count) }
            .sorted { ($1.microseconds, $0.kind) < ($0.microseconds, $1.kind) }
    }

    private func per(_ commands: Double, _ value: Double) -> Double {
        figures.commands > 0 ? value * commands / Double(figures.commands) : 0
    }
}
