internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Synchronization

/// Executes final blocks, one after the other, away from the loop, and tells clients the results.
///
/// A result is told only when the journal is durable through the block's commit. As many blocks wait as have been committed and
/// not executed, which the core bounds: it fetches no more, and orders nothing new, while execution lags.
final class ExecutionThread<Machine: StateMachine>: Sendable {
    private let worker: Worker<ExecutionJob>
    private let news = Mutex(JournalNews())

    init(
        _ execution: consuming Execution<Machine>,
        replica: ReplicaID,
        openings: [CommandResult],
        desk: ClientDesk,
        board: StatusBoard,
        inbox: Inbox,
        snapshots: SnapshotThread<Machine>,
        prover: SnapshotProver
    ) throws(ReplicaError) {
        let owner = Owner(
            State(executor: Executor(execution, openings: openings), replica: replica, prover: prover),
            desk: desk,
            board: board,
            inbox: inbox,
            snapshots: snapshots
        )
        worker = try Worker(named: "hs-execute") { owner.perform($0) }
    }

    /// The jobs after which no more questions are taken.
    private static var maximumBacklog: Int { 256 }

    /// Queues jobs.
    ///
    /// A question that finds too many jobs before it is dropped, for whoever asked asks again.
    func post(_ jobs: [ExecutionJob]) {
        let durable = news.withLock { news in
            for case .execute(_, _, let position) in jobs { news.expect(position) }
            return news.take()
        }
        worker.post(durable.map { jobs + [.durable($0)] } ?? jobs) { job in
            switch job {
            case .execute, .durable: .max
            case .answer, .status: Self.maximumBacklog
            }
        }
    }

    /// Takes note that the journal is durable through a position; the thread wakes only if it waits for that.
    func journalIsDurable(through position: JournalPosition) {
        let durable = news.withLock { news in
            news.reach(position)
            return news.take()
        }
        if let durable { worker.post(.durable(durable)) }
    }

    func stop() { worker.stop() }

    /// What the thread works on.
    private struct State: Sendable {
        var executor: Executor<Machine>
        let replica: ReplicaID
        var prover: SnapshotProver
        var snapshot: (executed: ExecutedState, state: Digest, commands: UInt64, taken: UInt64)?
    }

    /// Gives the worker's thread its state.
    //
    // @unchecked Sendable: `state` is touched only in `perform`, which only the worker's one thread calls.
    private final class Owner: @unchecked Sendable {
        private var state: State
        private let desk: ClientDesk
        private let board: StatusBoard
        private let inbox: Inbox
        private let snapshots: SnapshotThread<Machine>

        init(
            _ state: State,
            desk: ClientDesk,
            board: StatusBoard,
            inbox: Inbox,
            snapshots: SnapshotThread<Machine>
        ) {
            self.snapshots = snapshots
            self.state = state
            self.desk = desk
            self.board = board
            self.inbox = inbox
        }

        func perform(_ jobs: [ExecutionJob]) {
            for job in jobs {
                switch job {
                case .execute(let block, let certificate, let position):
                    inbox.executed(state.executor.execute(block, committedAt: position))
                    if let writer = SnapshotWriter(of: state.executor.execution, behind: block.header) {
                        snapshots.take(writer)
                        state.prover.want(block.height)
                    }
                    let trail = state.executor.execution.trail
                    for proved in state.prover.prove(by: block.header, finality: certificate, trail: trail) {
                        snapshots.keep(proved)
                    }
                case .durable(let position): state.executor.journalIsDurable(through: position)
                case .answer(let commands): answer(commands)
                case .status(let client): desk.answer(.status(status), to: client)
                }
                let results = state.executor.takeResults()
                if !results.isEmpty { desk.deliver(results) }
            }
            state.executor.execution.supervision.witness?.rest()
        }

        /// Tells what is known of commands, and has those ordered again of which nothing is.
        ///
        /// Every block that was committed before the question has been executed by now.
        private func answer(_ commands: [Command]) {
            let (known, forgotten) = state.executor.answer(commands)
            if !known.isEmpty { desk.deliver(known) }
            if !forgotten.isEmpty { inbox.report(.forgotten(forgotten)) }
        }

        /// The state's digest costs a pass over the whole state, so it is taken four times a second at most.
        private var status: ReplicaStatus {
            let now = SteadyClock.nanoseconds
            let execution = state.executor.execution
            let executed = execution.executed
            let isFresh = state.snapshot.map { $0.executed == executed || now - $0.taken < 250_000_000 } ?? false
            if !isFresh {
                state.snapshot = (
                    executed, execution.machine.stateDigest, execution.executedCommands, SteadyClock.nanoseconds
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
                pendingCommands: standing.pendingCommands,
                failedViews: standing.failedViews
            )
        }
    }
}
