/// The executed state of a replica: the application, the sessions of its clients, and the running digest over both.
///
/// Final blocks are executed here in the order of their heights, each once. Everything here follows from the blocks alone,
/// so that replicas that executed up to the same height hold the same state and name it by the same digest.
public struct Execution<Machine: StateMachine>: Sendable {
    /// The application.
    public private(set) var machine: Machine
    /// The sessions of all clients.
    public private(set) var sessions: SessionTable
    /// The last steps of the execution digest, from which snapshots are proved.
    public private(set) var trail: ExecutionTrail
    /// The number of commands that the application has executed.
    public private(set) var executedCommands: UInt64
    /// How many blocks lie between two snapshots: the chain's `snapshotInterval`.
    public let snapshotInterval: UInt64
    /// Which commands are skipped, and who knows what is being executed.
    public var supervision = ExecutionSupervision.none

    /// How far execution is, and the digest of all of it.
    public var executed: ExecutedState { trail.executed }

    /// Creates the state before any block, or one that is known.
    public init(
        machine: Machine,
        sessions: SessionTable = SessionTable(),
        executed: ExecutedState = .genesis,
        executedCommands: UInt64 = 0,
        snapshotInterval: UInt64 = ChainParameters.defaultSnapshotInterval
    ) {
        self.init(
            machine: machine,
            sessions: sessions,
            executedCommands: executedCommands,
            trail: ExecutionTrail(from: executed),
            snapshotInterval: snapshotInterval
        )
    }

    init(
        machine: Machine,
        sessions: SessionTable,
        executedCommands: UInt64,
        trail: ExecutionTrail,
        snapshotInterval: UInt64
    ) {
        precondition(snapshotInterval > 0, "a snapshot every 0 blocks")
        self.machine = machine
        self.sessions = sessions
        self.executedCommands = executedCommands
        self.trail = trail
        self.snapshotInterval = snapshotInterval
    }

    /// Executes a final block, which must be the next, and returns one result for each of its commands, in order.
    ///
    /// A command without a session opens one, whatever its body says. An opening command that is ordered twice
    /// opens two; the client uses the one it hears of first, and the other falls out of the table unused. The application is called
    /// once with all fresh commands of the block, and not at all if there are none. A repeated command has the result
    /// of the first one with its key, also within a block: original height, original digest, nothing executed. A skipped command has
    /// an empty reply, and the application never sees it. Where the witness asks for it, commands are executed one by one. Where a snapshot is
    /// due, its root is computed here, in O(state).
    public mutating func execute(_ block: Block) -> [CommandResult] {
        precondition(block.height.follows(executed.height), "height \(block.height) executed after \(executed.height)")
        let plan = BlockPlan(block, in: &sessions)
        let executed = run(plan, of: block)
        sessions.remember(executed)
        let results = plan.allResults(executed)
        let isSnapshotDue = ExecutionStep.isSnapshotDue(at: block.height, interval: snapshotInterval)
        trail.append(
            ExecutionStep(
                time: block.header.time,
                results: Domain.results.digest(ofAll: results),
                root: isSnapshotDue ? snapshotRoot() : nil
            )
        )
        return results
    }

    /// What became of a command that was executed in a session that is still open.
    ///
    /// Nil means that it may still be ordered. Opening commands are not remembered: a client whose answer was lost opens
    /// another session, under another number.
    public func result(for key: CommandKey) -> CommandResult? { sessions.result(for: key) }

    /// Has the application execute the fresh commands.
    private mutating func run(_ plan: BlockPlan, of block: Block) -> [CommandResult] {
        guard !plan.fresh.isEmpty else { return [] }
        let replies = supervision.execute(
            plan.fresh,
            digests: plan.freshDigests,
            by: &machine,
            at: BlockContext(height: block.height, time: block.header.time)
        )
        executedCommands += UInt64(replies.count { $0 != nil })
        return plan.results(replies)
    }
}
