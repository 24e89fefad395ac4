package import HotStuff

/// Sees everything that honest replicas do, remembers it outside of them, and says what must never happen.
///
/// It knows the protocol's rules from the design alone and shares no code with the replicas for what it checks: a fault in a
/// rule must not hide itself. Replicas that lie are not inspected.
package final class Inspector {
    /// The most violations of one run that are kept: the first one matters.
    private static let maximumCount = 16

    /// What went wrong, in order.
    package private(set) var violations: [Violation] = []
    /// The one chain, and whether final blocks rest on what they must rest on.
    package private(set) var chain: ChainCheck
    private var promises: [PromiseCheck]
    private var rules: RuleCheck
    private var executions: ExecutionCheck
    private var timers: [TimerCheck]
    private var joins: [JoinCheck]
    private var splits: [SplitCheck]
    private var courtesies: [CourtesyCheck]
    private var relays: [RelayCheck]
    private var trust: [TrustCheck]
    private var timeouts: [TimeoutCheck]
    private var answers: [AnswerCheck]
    private var routing: RoutingCheck
    /// Judges what is said.
    let messages: MessageCheck
    /// What clients submitted and were told.
    package private(set) var clients = ClientCheck()

    /// What is taken note of.
    private let heeded: Set<ViolationKind>

    /// Creates an inspector of a world in which nothing has happened yet.
    ///
    /// - Parameters:
    ///   - world: the world.
    ///   - kinds: what is taken note of; who wants to see that a broken promise leads to a fork must not stop at the promise.
    package init(world: SimulatedWorld, heeding kinds: Set<ViolationKind> = Set(ViolationKind.allCases)) {
        heeded = kinds
        chain = ChainCheck(world: world)
        promises = world.replicas.map { PromiseCheck(replica: $0, genesis: world.committee.genesis.view) }
        rules = RuleCheck(world: world)
        executions = ExecutionCheck(count: world.count)
        timers = world.replicas.map { _ in TimerCheck(world: world) }
        joins = world.replicas.map { _ in JoinCheck(world: world) }
        splits = world.replicas.map { _ in SplitCheck(world: world) }
        courtesies = world.replicas.map { _ in CourtesyCheck(world: world) }
        relays = world.replicas.map { _ in RelayCheck(world: world) }
        trust = world.replicas.map { _ in TrustCheck() }
        timeouts = world.replicas.map { _ in TimeoutCheck() }
        answers = world.replicas.map { _ in AnswerCheck() }
        routing = RoutingCheck(world: world)
        messages = MessageCheck(world: world)
    }

    /// How many certificates were made by those who alone had the votes.
    package var collectedCertificateCount: Int { routing.collectedCount }

    /// How often somebody asked for the certificate that a brief proposal names.
    package var certificateRequestCount: Int { courtesies.reduce(0) { $0 + $1.requestCount } }

    /// Takes note of a violation.
    package func report(_ violation: Violation?) {
        guard let violation, heeded.contains(violation.kind), violations.count < Inspector.maximumCount else { return }
        violations.append(violation)
    }

    /// A replica appended a record to its journal; nothing is durable yet.
    func appended(_ record: JournalRecord, at position: JournalPosition, by replica: ReplicaID) {
        switch record {
        case .block(let block):
            rules.saw(block, at: replica)
            routing.saw(block)
        case .safety(let record):
            report(promises[replica.index].decided(record, at: position))
        case .quorumCertificate, .timeoutCertificate, .commit, .checkpoint: break
        }
    }

    /// A replica has taken in an event whole: what it decided meanwhile is judged against where it stands.
    func stepped(_ step: Step) {
        let standing = step.standing
        let index = standing.replica.index
        report(ChainCheck.judge(step))
        report(promises[standing.replica.index].stands(standing.record))
        report(rules.judge(step, states: executions))
        report(timeouts[index].judge(step))
        report(splits[index].judge(step))
        report(joins[index].judge(step, splits: splits[index].splits))
        report(timers[index].judge(step, splits: splits[index].splits, doubts: splits[index].doubts))
        report(courtesies[index].judge(step))
        report(relays[index].judge(step))
        report(trust[index].judge(step))
        report(routing.judge(step))
    }

    /// Nothing followed from an event at a replica.
    func passed(_ event: Event, at replica: ReplicaID) { splits[replica.index].note(event, at: replica) }

    /// Whether the view that a replica gave up last could make no quorum any more.
    func isSplit(_ replica: ReplicaID) -> Bool {
        splits[replica.index].splits.contains(joins[replica.index].lastTimedOut)
    }

    /// A statement left a replica whose journal is durable through a position.
    func released(_ released: Released, by replica: ReplicaID, durable: JournalPosition) {
        report(promises[replica.index].released(released, durable: durable))
    }

    /// A block became final at a replica.
    func committed(
        _ block: Block,
        by certificate: QuorumCertificate,
        position: JournalPosition,
        at replica: ReplicaID
    ) {
        answers[replica.index].committed(block.height, at: position)
        let height = chain.height
        report(chain.committed(block, by: certificate, at: replica))
        if chain.height > height { report(clients.ordered(block)) }
    }

    /// A replica executed a final block.
    func executed(_ block: Block, _ state: ExecutedState, machine: ObservedStore, at replica: ReplicaID) {
        report(executions.executed(block, state, machine: machine, at: replica))
    }

    /// A replica tells results, which all replicas share, while its journal is durable through a position.
    func answered(_ results: [CommandResult], by replica: ReplicaID, durable: JournalPosition) {
        report(answers[replica.index].told(results, by: replica, durable: durable))
        report(clients.knows(results))
    }

    /// A replica is about to read its journal from the beginning.
    func restarts(_ replica: ReplicaID) { chain.restarts(replica) }

    /// A replica started again and found this in its journal.
    func restarted(_ standing: Standing, replayed: [JournalRecord], executed: [ExecutedState]) {
        let replica = standing.replica
        report(promises[replica.index].restarted(with: standing.record, replayed: replayed))
        report(executions.replayed(executed, by: replica))
        answers[replica.index].restarted()
        rules.restarted(replica, with: standing.record)
        var journaled: [Digest: BlockHeader] = [:]
        for record in replayed {
            if case .block(let block) = record { journaled[block.id] = block.header }
            if case .block(let block) = record { report(rules.found(block, at: replica)) }
            if case .commit(let height, let block) = record {
                report(chain.replayed(block, at: height, by: replica))
            }
            if case .checkpoint(let checkpoint) = record, checkpoint.committed.height > .genesis {
                report(chain.replayed(checkpoint.committed.id, at: checkpoint.committed.height, by: replica))
            }
        }
        courtesies[replica.index].restarted(with: journaled)
    }

    /// A client submits a command.
    package func submitted(_ command: Command) { clients.submitted(command) }

    /// A client opened a session.
    package func opened(_ session: SessionID) { clients.opened(session) }

    /// A client believes a result, for enough replicas told it.
    package func believed(_ result: CommandResult) { report(clients.believed(result)) }
}
