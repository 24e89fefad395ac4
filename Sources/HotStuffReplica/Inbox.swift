internal import HotStuff
internal import HotStuffStorage

/// What waits for the loop of a replica: bounded, in lanes, and for each peer apart.
///
/// A peer that floods fills its own share and loses its own oldest messages; nobody else's votes wait for it or fall out.
final class Inbox: Sendable {
    /// A message that has been decoded but not checked.
    struct Letter: Sendable {
        let message: Message
        let sender: ReplicaID
    }

    /// Everything that the loop takes at a time.
    struct Batch: Sendable {
        /// What our own threads report.
        ///
        /// As many as there are wishes on their way, so bounded by the core.
        var reports: [Event] = []
        /// Proposals, votes, timeouts, certificates, echoes and pleas.
        var consensus: [Letter] = []
        /// Requests for blocks and answers to them.
        var sync: [Letter] = []
        /// Commands that replicas relay.
        var relayed: [Letter] = []
        /// Commands of our own clients.
        var submitted: [Command] = []
        /// Peers that came or went, in order.
        var connections: [(peer: ReplicaID, isConnected: Bool)] = []
        /// Whether to stop.
        var isStopping = false
        /// Whether to start again with what the data directory holds.
        var startsAgain = false

        var isEmpty: Bool {
            reports.isEmpty && consensus.isEmpty && sync.isEmpty && relayed.isEmpty && submitted.isEmpty
                && connections.isEmpty && !isStopping && !startsAgain
        }
    }

    /// How much of each kind may wait, for one peer.
    enum Limits {
        static let consensusMessages = 256
        static let syncMessages = 16
        static let relayedMessages = 16
        static let submittedCommands = 16_384
        static let submittedBytes = 64 << 20
    }

    private struct Share: Sendable {
        var consensus: [Message] = []
        var sync: [Message] = []
        var relayed: [Message] = []
    }

    private struct State: Sendable {
        /// One for each validator, and behind them one for each listener.
        var shares: [Share]
        var batch = Batch()
        var submittedBytes = 0
        var dropped: UInt64 = 0
        /// Whether each of them is connected.
        var connected: [Bool]
    }

    private let monitor: Monitor<State>
    private let replicaCount: Int
    private let listeners: [ReplicaID]

    init(replicaCount: Int, listeners: [ReplicaID] = []) {
        self.replicaCount = replicaCount
        self.listeners = listeners
        let count = replicaCount + listeners.count
        monitor = Monitor(
            State(
                shares: Array(repeating: Share(), count: count),
                connected: Array(repeating: false, count: count)
            )
        )
    }

    /// Where the share of a peer is; nothing if there is no such peer.
    private func place(of peer: ReplicaID) -> Int? {
        peer.index < replicaCount ? peer.index : listeners.firstIndex(of: peer).map { replicaCount + $0 }
    }

    /// Queues reports of our own threads.
    func report(_ event: Event) {
        monitor.change { $0.batch.reports.append(event) }
    }

    /// Queues messages of a peer.
    ///
    /// Of a full lane the oldest message of that peer goes; of sync and commands the new one.
    func deliver(_ messages: [Message], from sender: ReplicaID) {
        guard let place = place(of: sender) else { return }
        monitor.change { state in
            for message in messages {
                switch message {
                case .proposal, .briefProposal, .vote, .timeout, .certificates, .echo, .plea:
                    state.shares[place].consensus.append(message)
                    if state.shares[place].consensus.count > Limits.consensusMessages {
                        state.shares[place].consensus.removeFirst()
                        state.dropped += 1
                    }
                case .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest, .snapshotAnswer:
                    if state.shares[place].sync.count < Limits.syncMessages {
                        state.shares[place].sync.append(message)
                    } else {
                        state.dropped += 1
                    }
                case .commands:
                    if state.shares[place].relayed.count < Limits.relayedMessages {
                        state.shares[place].relayed.append(message)
                    } else {
                        state.dropped += 1
                    }
                }
            }
        }
    }

    /// Queues commands of clients; answers those for which there is no room.
    func submit(_ commands: [Command]) -> [Command] {
        monitor.change { state in
            for (index, command) in commands.enumerated() {
                guard state.batch.submitted.count < Limits.submittedCommands,
                    state.submittedBytes + command.encodedSize <= Limits.submittedBytes
                else { return Array(commands[index...]) }
                state.batch.submitted.append(command)
                state.submittedBytes += command.encodedSize
            }
            return []
        }
    }

    /// Queues that a peer came or went.
    func connection(of peer: ReplicaID, isConnected: Bool) {
        monitor.change { state in
            state.batch.connections.append((peer, isConnected))
            if let place = place(of: peer) { state.connected[place] = isConnected }
        }
    }

    /// Asks the loop to end, so that the replica starts again with what its data directory holds.
    func startAgain() {
        monitor.change { $0.batch.startsAgain = true }
    }

    /// Forgets what was meant for the loop that has ended, and tells the next one who is connected.
    func begin() {
        monitor.change { state in
            state.batch.reports = []
            state.batch.startsAgain = false
            state.batch.connections = state.connected.indices.filter { state.connected[$0] }.map {
                ($0 < replicaCount ? ReplicaID(UInt16($0)) : listeners[$0 - replicaCount], true)
            }
        }
    }

    /// Asks the loop to stop.
    func stop() {
        monitor.change { $0.batch.isStopping = true }
    }

    /// The number of messages dropped so far.
    var droppedCount: UInt64 { monitor.change { $0.dropped } }

    /// Waits for anything to come, but not past a moment, and takes all of it.
    func take(until deadline: UInt64?) -> Batch {
        let batch = monitor.wait(until: deadline) { state -> Batch? in
            for index in state.shares.indices {
                let sender = index < replicaCount ? ReplicaID(UInt16(index)) : listeners[index - replicaCount]
                let share = state.shares[index]
                guard !share.consensus.isEmpty || !share.sync.isEmpty || !share.relayed.isEmpty else { continue }
                state.batch.consensus += share.consensus.map { Letter(message: $0, sender: sender) }
                state.batch.sync += share.sync.map { Letter(message: $0, sender: sender) }
                state.batch.relayed += share.relayed.map { Letter(message: $0, sender: sender) }
                state.shares[index] = Share()
            }
            guard !state.batch.isEmpty else { return nil }
            defer {
                state.batch = Batch()
                state.submittedBytes = 0
            }
            return state.batch
        }
        return batch ?? Batch()
    }
}
