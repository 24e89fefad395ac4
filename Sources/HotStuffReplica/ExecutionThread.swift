internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport

/// Executes final blocks, one after the other, away from the loop, and tells clients the results.
///
/// A result is told only when the journal is durable through the block's commit. As many blocks wait as have been committed and
/// not executed, which the core bounds: it fetches no more, and orders nothing new, while execution lags.
final class ExecutionThread<Machine: StateMachine>: Sendable {
    enum Job: Sendable {
        /// Execute the next block, whose commit is at this position.
        case execute(Block, at: JournalPosition)
        /// The journal is durable through this position.
        case durable(JournalPosition)
        /// Tell the results of commands whose keys were ordered before.
        case answer([Command])
        /// Tell a client where this replica stands.
        case status(ClientConnectionID)
    }

    private let worker: Worker<Job>

    init(
        _ execution: consuming Execution<Machine>,
        replica: ReplicaID,
        openings: [CommandResult],
        desk: ClientDesk,
        board: StatusBoard,
        inbox: Inbox
    ) throws(ReplicaError) {
        let owner = Owner(
            State(execution, replica: replica, openings: openings),
            desk: desk,
            board: board,
            inbox: inbox
        )
        worker = try Worker { owner.perform($0) }
    }

    /// The jobs after which no more questions are taken.
    private static var maximumBacklog: Int { 256 }

    /// Queues a job.
    ///
    /// A question that finds too many jobs before it is dropped, for whoever asked asks again.
    func post(_ job: Job) {
        switch job {
        case .execute, .durable: worker.post(job)
        case .answer, .status: worker.post(job, unlessWaiting: Self.maximumBacklog)
        }
    }

    func stop() { worker.stop() }

    /// What the thread works on.
    private struct State: Sendable {
        var execution: Execution<Machine>
        let replica: ReplicaID
        var durable = JournalPosition.start
        var unreported: [(position: JournalPosition, results: [CommandResult])] = []
        var openings = RecentOpenings()
        var snapshot: (executed: ExecutedState, state: Digest, commands: UInt64, taken: UInt64)?

        init(_ execution: Execution<Machine>, replica: ReplicaID, openings: [CommandResult]) {
            self.execution = execution
            self.replica = replica
            self.openings.insert(openings)
        }
    }

    /// Gives the worker's thread its state.
    //
    // @unchecked Sendable: `state` is touched only in `perform`, which only the worker's one thread calls.
    private final class Owner: @unchecked Sendable {
        private var state: State
        private let desk: ClientDesk
        private let board: StatusBoard
        private let inbox: Inbox

        init(_ state: State, desk: ClientDesk, board: StatusBoard, inbox: Inbox) {
            self.state = state
            self.desk = desk
            self.board = board
            self.inbox = inbox
        }

        func perform(_ jobs: [Job]) {
            for job in jobs {
                switch job {
                case .execute(let block, let position):
                    let results = state.execution.execute(block)
                    inbox.report(.executed(state.execution.executed))
                    if !results.isEmpty { state.unreported.append((position, results)) }
                case .durable(let position): state.durable = max(state.durable, position)
                case .answer(let commands): answer(commands)
                case .status(let client): desk.answer(.status(status), to: client)
                }
                report()
            }
        }

        private func report() {
            while let first = state.unreported.first, first.position <= state.durable {
                state.unreported.removeFirst()
                state.openings.insert(first.results)
                desk.deliver(first.results)
            }
        }

        /// Tells what is known of commands, and has those ordered again of which nothing is.
        ///
        /// Every block that was committed before the question has been executed by now.
        private func answer(_ commands: [Command]) {
            var known: [CommandResult] = []
            var forgotten: [Command] = []
            for command in commands {
                let key = command.key
                // What is executed but not durable yet is told when it is.
                if state.unreported.contains(where: { $0.results.contains { $0.key == key } }) { continue }
                if let result = state.openings[key] ?? state.execution.result(for: key) {
                    known.append(result)
                } else {
                    forgotten.append(command)
                }
            }
            if !known.isEmpty { desk.deliver(known) }
            if !forgotten.isEmpty { inbox.report(.forgotten(forgotten)) }
        }

        /// The state's digest costs a pass over the whole state, so it is taken four times a second at most.
        private var status: ReplicaStatus {
            let now = SteadyClock.nanoseconds
            let executed = state.execution.executed
            let isFresh = state.snapshot.map { $0.executed == executed || now - $0.taken < 250_000_000 } ?? false
            if !isFresh {
                state.snapshot = (
                    executed, state.execution.machine.stateDigest, state.execution.executedCommands,
                    SteadyClock.nanoseconds
                )
            }
            let snapshot = state.snapshot ?? (executed, .zero, 0, now)
            let standing = board.current
            return ReplicaStatus(
                replica: state.replica,
                view: standing.view,
                leader: standing.leader,
                committedHeight: standing.committedHeight,
                committedBlock: standing.committedBlock,
                executed: snapshot.executed,
                applicationState: snapshot.state,
                executedCommands: snapshot.commands,
                pendingCommands: standing.pendingCommands
            )
        }
    }
}

/// The sessions that were opened last, so that a client whose answer was lost is told again.
struct RecentOpenings: Sendable {
    private static let capacity = 4_096
    private var results: [CommandKey: CommandResult] = [:]
    private var order: [CommandKey] = []
    private var oldest = 0

    subscript(key: CommandKey) -> CommandResult? { results[key] }

    /// Remembers the openings among some results; the first of a key stays.
    mutating func insert(_ new: [CommandResult]) {
        for result in new where result.key.session == .none && results[result.key] == nil {
            results[result.key] = result
            if order.count < RecentOpenings.capacity {
                order.append(result.key)
            } else {
                results[order[oldest]] = nil
                order[oldest] = result.key
                oldest = (oldest + 1) % RecentOpenings.capacity
            }
        }
    }
}
