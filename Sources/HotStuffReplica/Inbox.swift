internal import HotStuff
internal import HotStuffStorage

/// What waits for the loop of a replica: bounded, in lanes, and for each peer apart.
///
/// A peer that floods fills its own share and loses its own oldest messages; nobody else's votes wait for it or fall out. Who brings a message may
/// have to run the loop itself; see `Turns`.
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
        /// Whether the loop has ended already, in the turn of a guest.
        var isOver = false

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

        var isEmpty: Bool { consensus.isEmpty && sync.isEmpty && relayed.isEmpty }
    }

    private struct State: Sendable {
        /// One for each validator, and behind them one for each listener.
        var shares: [Share]
        /// Whether anything is in the shares.
        var hasShares = false
        var batch = Batch()
        /// What was executed, as long as nobody waits for it.
        var executed: [Event] = []
        var submittedBytes = 0
        var dropped: UInt64 = 0
        /// Whether each of them is connected.
        var connected: [Bool]
        var turns = Turns()
        /// Runs the loop, where turns of it are lent.
        var guestTurn: (@Sendable (Batch) -> Turns.Rest)?

        /// Whether something waits that the loop has to look at now.
        var hasMail: Bool { hasShares || !batch.isEmpty || turns.rest.awaitsExecution && !executed.isEmpty }
        /// Whether the loop's own thread has to see to what waits.
        var isForOwner: Bool { batch.isStopping || batch.startsAgain }
    }

    private let monitor: Monitor<State>
    private let replicaCount: Int
    private let listeners: [ReplicaID]
    private let later: @Sendable (@escaping @Sendable () -> Void) -> Bool

    /// Creates an inbox.
    ///
    /// - Parameters:
    ///   - replicaCount: the number of validators.
    ///   - listeners: who else may send messages.
    ///   - later: has the caller's thread do something when it has sent what it has to send; answers whether it will.
    init(
        replicaCount: Int,
        listeners: [ReplicaID] = [],
        later: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool = { _ in false }
    ) {
        self.replicaCount = replicaCount
        self.listeners = listeners
        self.later = later
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

    /// Queues a report of our own threads.
    func report(_ event: Event) {
        bring(mayServe: false) { $0.batch.reports.append(event) }
    }

    /// Queues the report that a block was executed; the loop wakes for it only if it waits for that.
    func executed(_ state: ExecutedState) {
        bring(mayServe: false) { $0.executed.append(.executed(state)) }
    }

    /// Queues messages of a peer.
    ///
    /// Of a full lane the oldest message of that peer goes; of sync and commands the new one.
    func deliver(_ messages: [Message], from sender: ReplicaID) {
        guard let place = place(of: sender), !messages.isEmpty else { return }
        bring(mayServe: true) { state in
            state.hasShares = true
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
        bring(mayServe: true) { state in
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
        bring(mayServe: false) { state in
            state.batch.connections.append((peer, isConnected))
            if let place = place(of: peer) { state.connected[place] = isConnected }
        }
    }

    /// Asks the loop to end, so that the replica starts again with what its data directory holds.
    func startAgain() {
        bring(mayServe: false) { $0.batch.startsAgain = true }
    }

    /// Forgets what was meant for the loop that has ended, and tells the next one who is connected.
    func begin() {
        monitor.change { state in
            state.batch.reports = []
            state.executed = []
            state.batch.startsAgain = false
            state.batch.connections = state.connected.indices.filter { state.connected[$0] }.map {
                ($0 < replicaCount ? ReplicaID(UInt16($0)) : listeners[$0 - replicaCount], true)
            }
        }
    }

    /// Asks the loop to stop.
    func stop() {
        bring(mayServe: false) { $0.batch.isStopping = true }
    }

    /// The number of messages dropped so far.
    var droppedCount: UInt64 { monitor.changeQuietly { $0.dropped } }
}

// MARK: - Turns

extension Inbox {
    /// Lets those who bring messages run the loop; called by its own thread, before it takes anything.
    func lend(_ turn: @escaping @Sendable (Batch) -> Turns.Rest) {
        monitor.changeQuietly { state in
            state.guestTurn = turn
            state.turns.lend()
        }
    }

    /// Lets nobody else run the loop any more; called by its own thread, between `take` and the next.
    func withdraw() {
        monitor.changeQuietly { state in
            state.guestTurn = nil
            state.turns.withdraw()
        }
    }

    /// Ends the turn of the loop's own thread, waits until there is something to do and nobody does it, and takes all that has come.
    ///
    /// - Parameter rest: what the turn left behind.
    /// - Returns: what to do; nothing if only the moment has come that was named.
    func take(after rest: Turns.Rest) -> Batch {
        var ending: Turns.Rest? = rest
        return monitor.watch { state -> Monitor<State>.Look<Batch> in
            if let rest = ending.take() { state.turns.end(rest) }
            guard state.turns.begin(hasMail: state.hasMail, now: SteadyClock.nanoseconds) else {
                return .lookAgain(by: state.turns.sleep)
            }
            return .found(takeAll(of: &state))
        }
    }

    /// Changes what waits, and sees to it that somebody looks at it.
    private func bring<Result: Sendable>(mayServe: Bool, _ change: (inout State) -> Result) -> Result {
        let (result, duty, batch) = monitor.changeQuietly { state in
            let result = change(&state)
            guard state.hasMail else { return (result, Turns.Duty.nothing, Visit?.none) }
            let duty = state.turns.duty(mayServe: mayServe && !state.isForOwner)
            return (result, duty, duty == .serve ? visit(&state) : nil)
        }
        if duty == .wake { monitor.wake() }
        if let batch { serve(batch, count: 1) }
        return result
    }

    /// A turn that is lent to a guest.
    private struct Visit: Sendable {
        let turn: @Sendable (Batch) -> Turns.Rest
        let batch: Batch
    }

    /// What a guest has to do who has the turn now.
    private func visit(_ state: inout State) -> Visit? {
        state.guestTurn.map { Visit(turn: $0, batch: takeAll(of: &state)) }
    }

    /// Runs the loop in its own thread's stead.
    private func serve(_ visit: Visit, count: Int) {
        let rest = visit.turn(visit.batch)
        let duty = monitor.changeQuietly { state in
            state.turns.guestEnds(
                rest,
                hasMail: state.hasMail,
                mayOffer: count < Turns.maximumGuestTurns && !state.isForOwner,
                now: SteadyClock.nanoseconds
            )
        }
        switch duty {
        case .nothing, .serve: break
        case .wake: monitor.wake()
        case .offer:
            if !later({ [self] in serveAgain(count: count + 1) }) { monitor.wake() }
        }
    }

    /// Runs the loop once more, if there is still something to do and nobody does it.
    private func serveAgain(count: Int) {
        let (duty, visit) = monitor.changeQuietly { state in
            guard state.hasMail || state.turns.isDue(at: SteadyClock.nanoseconds) else {
                return (Turns.Duty.nothing, Visit?.none)
            }
            let duty = state.turns.duty(mayServe: !state.isForOwner)
            return (duty, duty == .serve ? self.visit(&state) : nil)
        }
        if duty == .wake { monitor.wake() }
        if let visit { serve(visit, count: count) }
    }

    /// Everything that waits, by lanes.
    private func takeAll(of state: inout State) -> Batch {
        if state.hasShares {
            state.hasShares = false
            for index in state.shares.indices where !state.shares[index].isEmpty {
                let sender = index < replicaCount ? ReplicaID(UInt16(index)) : listeners[index - replicaCount]
                let share = state.shares[index]
                state.batch.consensus += share.consensus.map { Letter(message: $0, sender: sender) }
                state.batch.sync += share.sync.map { Letter(message: $0, sender: sender) }
                state.batch.relayed += share.relayed.map { Letter(message: $0, sender: sender) }
                state.shares[index] = Share()
            }
        }
        state.batch.reports += state.executed
        state.batch.isOver = state.turns.isOver
        defer {
            state.batch = Batch()
            state.executed = []
            state.submittedBytes = 0
        }
        return state.batch
    }
}
