import HotStuff
import Synchronization

/// What is known of a running demo, shared by those who drive it and the one who shows it.
final class DemoState: Sendable {
    /// A copy of all that is known at a moment.
    struct Snapshot: Sendable {
        /// The number of commands to confirm.
        var total: Int
        /// The latencies of the confirmed commands, in milliseconds, in the commands' order.
        var latencies: [Double] = []
        /// When the first command was submitted.
        var start: ContinuousClock.Instant?
        /// When the last confirmation came.
        var lastConfirmation: ContinuousClock.Instant?
        /// The last answer of each replica.
        var statuses: [ReplicaID: ReplicaStatus] = [:]
        /// The replica that was crashed and does not run again yet.
        var down: ReplicaID?

        /// The number of confirmed commands.
        var confirmed: Int { latencies.count }
    }

    private let state: Mutex<Snapshot>

    /// Creates the state before the first command.
    init(total: Int) { state = Mutex(Snapshot(total: total)) }

    /// All that is known now.
    var snapshot: Snapshot { state.withLock { $0 } }

    /// The number of confirmed commands.
    var confirmed: Int { state.withLock { $0.confirmed } }

    /// Takes note that the first command is about to be submitted.
    func begin() { state.withLock { $0.start = .now } }

    /// Takes note of a confirmed command.
    func confirm(latencyMilliseconds: Double) {
        state.withLock { state in
            state.latencies.append(latencyMilliseconds)
            state.lastConfirmation = .now
        }
    }

    /// Takes note of a replica's answer.
    func record(_ status: ReplicaStatus) { state.withLock { $0.statuses[status.replica] = status } }

    /// Takes note that a replica was crashed, or that all run.
    func setDown(_ replica: ReplicaID?) {
        state.withLock { state in
            state.down = replica
            if let replica { state.statuses[replica] = nil }
        }
    }
}

extension DemoState.Snapshot {
    /// The seconds from the first submission to the last confirmation.
    var seconds: Double {
        guard let start, let lastConfirmation else { return 0 }
        return (lastConfirmation - start).seconds
    }

    /// The confirmed commands in each second.
    var commandsPerSecond: Double { seconds > 0 ? Double(confirmed) / seconds : 0 }

    /// The latency in milliseconds that some percentage of the commands did not exceed (nearest rank); zero without commands.
    func latency(percentile: Int) -> Double {
        guard !latencies.isEmpty else { return 0 }
        let rank = (latencies.count * percentile + 99) / 100
        return latencies.sorted()[min(max(rank, 1), latencies.count) - 1]
    }

    /// The highest committed height that a replica told.
    var height: Height { statuses.values.map(\.committedHeight).max() ?? .genesis }

    /// The leader of the highest view that a replica told.
    var leader: ReplicaID? { statuses.values.max { $0.view < $1.view }?.leader }
}
