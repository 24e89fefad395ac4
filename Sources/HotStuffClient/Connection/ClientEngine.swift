import HotStuff
import HotStuffTransport
import Logging
import NIOCore
import Synchronization

/// Runs the client's state machine: brings it the events of connections, callers and one timer, and does what it wants.
///
/// Events come from any thread; one lock guards the machine, and what it wants is done outside of it.
final class ClientEngine: ClientTransportDelegate {
    typealias Outcome = Result<Receipt, ClientError>
    typealias Inquiry = CheckedContinuation<ReplicaStatus?, Never>

    /// Who waits for the end of a command.
    private enum Submission {
        case task(CheckedContinuation<Outcome, Never>)
        case handler(@Sendable (Outcome) -> Void)

        func finish(_ outcome: Outcome) {
            switch self {
            case .task(let continuation): continuation.resume(returning: outcome)
            case .handler(let body): body(outcome)
            }
        }
    }

    private struct Timer {
        let deadline: Moment
        let task: Scheduled<Void>
    }

    private struct State {
        var machine: ClientStateMachine
        var transport: ClientTransport?
        var submissions = KeyTable<SubmissionID, Submission>()
        var inquiries: [InquiryID: Inquiry] = [:]
        var timer: Timer?
        /// The replicas that have sent something which is no response.
        var unintelligible: Set<ReplicaID> = []
    }

    /// What is left to do when the lock is free.
    private enum Effect {
        case send(ClientRequest, to: [ReplicaID])
        case resume(Submission, Outcome)
        case resumeUnreached(Submission)
        case tell(Inquiry, ReplicaStatus?)
    }

    /// The longest sleep of the timer, far below what a clock can add.
    private static let longestSleep = Duration.seconds(3_600)

    private let state: Mutex<State>
    private let lastID = Atomic<UInt64>(0)
    private let eventLoop: any EventLoop
    private let logger: Logger

    init(configuration: ClientConfiguration, eventLoop: any EventLoop, logger: Logger) {
        let machine = ClientStateMachine(configuration: configuration) { UInt64.random(in: 0...UInt64.max) }
        state = Mutex(State(machine: machine))
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// Says through what to send; before that, nothing happens.
    func attach(_ transport: ClientTransport) {
        state.withLock { $0.transport = transport }
    }

    var statistics: ClientStatistics { state.withLock { $0.machine.statistics } }

    /// Submits a command and waits until it is settled.
    func submit(_ body: [UInt8]) async -> Outcome {
        let id = SubmissionID(rawValue: makeID())
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                handle { state, now in
                    // The task is marked before its handler runs: it is seen here, or the handler finds the call.
                    guard !Task.isCancelled else { return .init(resumed: .task(continuation), with: .cancelled) }
                    state.submissions.insert(.task(continuation), for: id)
                    return .init(state.machine.submit(body, as: id, at: now))
                }
            }
        } onCancel: {
            handle { state, now in .init(state.machine.cancel(id, at: now)) }
        }
    }

    /// Submits a command and has a closure called when it is settled.
    func submit(_ body: [UInt8], then handler: @escaping @Sendable (Outcome) -> Void) {
        let id = SubmissionID(rawValue: makeID())
        handle { state, now in
            state.submissions.insert(.handler(handler), for: id)
            return .init(state.machine.submit(body, as: id, at: now))
        }
    }

    /// Asks a replica how it is and waits for the answer.
    func status(of replica: ReplicaID, timeout: Duration) async -> ReplicaStatus? {
        let id = InquiryID(rawValue: makeID())
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                handle { state, now in
                    guard !Task.isCancelled else { return .init(resumed: continuation) }
                    state.inquiries[id] = continuation
                    let deadline = now.advanced(by: min(timeout, Self.longestSleep))
                    return .init(state.machine.ask(replica, as: id, until: deadline, at: now))
                }
            }
        } onCancel: {
            handle { state, _ in .init(state.machine.cancel(id)) }
        }
    }

    /// Settles every call; nothing is sent any more.
    func stop() {
        handle { state, _ in
            defer { state.transport = nil }
            return .init(state.machine.stop())
        }
    }

    func connected(_ replica: ReplicaID) {
        handle { state, now in .init(state.machine.connected(replica, at: now)) }
    }

    func disconnected(_ replica: ReplicaID, reason: ConnectionFailure) {
        state.withLock { $0.machine.disconnected(replica) }
    }

    func received(_ messages: [InboundMessage], from replica: ReplicaID) {
        var responses: [ClientResponse] = []
        var failures: [DecodingError] = []
        for message in messages {
            do throws(DecodingError) {
                responses.append(try Frame.decode(ClientResponse.self, from: message.bytes))
            } catch {
                failures.append(error)
            }
        }
        if !failures.isEmpty { complain(about: replica, failures) }
        handle { state, now in
            .init(responses.flatMap { state.machine.received($0, from: replica, at: now) })
        }
    }

    private func makeID() -> UInt64 { lastID.add(1, ordering: .relaxed).newValue }

    /// Counts what is no response; the log hears of it once for each replica.
    private func complain(about replica: ReplicaID, _ failures: [DecodingError]) {
        let isFirst = state.withLock { state in
            state.machine.statistics.undecodableMessages += UInt64(failures.count)
            return state.unintelligible.insert(replica).inserted
        }
        guard isFirst, let failure = failures.first else { return }
        logger.warning(
            "a replica sends what is no response",
            metadata: ["replica": "\(replica)", "error": "\(failure)"]
        )
    }
}

extension ClientEngine {
    /// What an event leads to: actions of the machine, or the end of a call that never reached it.
    private struct Reaction {
        var actions: [ClientAction] = []
        var effects: [Effect] = []

        init(_ actions: [ClientAction]) {
            self.actions = actions
        }

        init(resumed submission: Submission, with error: ClientError) {
            effects = [.resume(submission, .failure(error))]
        }

        init(resumed inquiry: Inquiry) {
            effects = [.tell(inquiry, nil)]
        }
    }

    /// Brings an event to the machine and does what follows.
    private func handle(_ event: (inout State, Moment) -> Reaction) {
        let (effects, transport) = state.withLock { state in
            // Taken under the lock, so that the machine's time does not go back.
            let now = Moment.now
            let transport = state.transport
            let reaction = event(&state, now)
            var effects = reaction.effects
            effects.reserveCapacity(effects.count + reaction.actions.count)
            for action in reaction.actions {
                if let effect = Self.effect(of: action, in: &state) { effects.append(effect) }
            }
            adjustTimer(in: &state, at: now)
            return (effects, transport)
        }
        for effect in effects { perform(effect, through: transport) }
    }

    /// Finds whom an action concerns.
    private static func effect(of action: ClientAction, in state: inout State) -> Effect? {
        switch action {
        case .send(let commands, let replicas): .send(.submit(commands), to: replicas)
        case .askStatus(let replica): .send(.status, to: [replica])
        case .finish(let id, let result): state.submissions.remove(id).map { .resume($0, result) }
        case .giveUpUnreached(let id): state.submissions.remove(id).map { .resumeUnreached($0) }
        case .tell(let id, let status): state.inquiries.removeValue(forKey: id).map { .tell($0, status) }
        }
    }

    private func perform(_ effect: Effect, through transport: ClientTransport?) {
        switch effect {
        case .send(let request, let replicas):
            let bytes = Frame.encode(request)
            for replica in replicas { transport?.send(bytes, lane: .commands, to: replica) }
        case .resume(let submission, let result): submission.finish(result)
        case .resumeUnreached(let submission):
            let replicas = transport?.replicas.map { replica in
                UnreachableReplica(replica: replica, reason: transport?.lastFailure(of: replica)?.description)
            }
            submission.finish(.failure(.noReplicaReachable(replicas ?? [])))
        case .tell(let inquiry, let status): inquiry.resume(returning: status)
        }
    }

    /// Sees to it that the timer fires no later than the machine wants; one that fires earlier is left alone.
    private func adjustTimer(in state: inout State, at now: Moment) {
        guard let deadline = state.machine.nextDeadline else {
            state.timer?.task.cancel()
            state.timer = nil
            return
        }
        if let timer = state.timer, timer.deadline <= deadline { return }
        state.timer?.task.cancel()
        let sleep = min(max(now.duration(to: deadline), .zero), Self.longestSleep)
        let task = eventLoop.scheduleTask(in: TimeAmount(sleep)) { [weak self] in
            self?.timerFired()
            return
        }
        state.timer = Timer(deadline: deadline, task: task)
    }

    private func timerFired() {
        handle { state, now in
            state.timer = nil
            return .init(state.machine.timePassed(at: now))
        }
    }
}
