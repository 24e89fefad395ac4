import HotStuff

/// One replica with everything that its shell would hold: a verifier, a journal, an executor, an archive.
///
/// It carries out nothing by itself but what is bookkeeping: the driver decides when the journal is durable, when a
/// signature is made, when a block is executed and when a message is delivered.
final class TestReplica {
    let world: World
    let id: ReplicaID
    let settings: ConsensusSettings
    let oracle: Oracle
    private let listeners: [ReplicaID]
    private(set) var core: Consensus
    private var verifier: MessageVerifier
    private(set) var execution = Execution(machine: KeyValueStore())
    private(set) var states: [ExecutedState] = [.genesis]
    private(set) var journal: [JournalRecord] = []
    private(set) var durable = 0
    /// The committed blocks from height 1 on.
    private(set) var archive: [Block] = []
    private(set) var results: [CommandKey: CommandResult] = [:]
    private(set) var halt: HaltReason?
    private(set) var rejected: [VerificationFailure] = []
    private var lastRecord: SafetyRecord?
    /// What the last released statement rested on; no restart may fall below it.
    private(set) var promisedLock = View.genesis
    /// How often this replica was started.
    private(set) var incarnation = 0
    private(set) var isUp = true

    init(world: World, id: Int, settings: ConsensusSettings, oracle: Oracle, listeners: [ReplicaID] = []) {
        self.world = world
        self.id = ReplicaID(UInt16(id))
        self.settings = settings
        self.oracle = oracle
        self.listeners = listeners
        core = world.core(id, settings: settings, listeners: listeners)
        verifier = world.verifier()
    }

    func start(now: Instant, wall: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        core.start(now: now, wall: wall, into: &effects)
        note(effects)
        return effects
    }

    func handle(_ event: Event) -> [Effect] {
        guard isUp else { return [] }
        var effects: [Effect] = []
        let lock = core.safetyRecord.lockedView
        core.handle(event, into: &effects)
        if core.safetyRecord.lockedView < lock { oracle.violated("replica \(id) unlocked") }
        note(effects)
        return effects
    }

    /// Takes in bytes of an authenticated peer; what is not understood or not true is dropped.
    func receive(_ bytes: [UInt8], from sender: ReplicaID) -> [Effect] {
        guard isUp, let message = try? Frame.decode(Message.self, from: bytes) else { return [] }
        do {
            return handle(.received(try verifier.verify(message, from: sender), from: sender))
        } catch {
            rejected.append(error)
            return []
        }
    }

    /// Makes records durable and tells the core.
    func sync(through count: Int? = nil) -> [Effect] {
        durable = max(durable, min(count ?? journal.count, journal.count))
        return handle(.durable(JournalPosition(UInt64(durable))))
    }

    func sign(_ request: SigningRequest, variant: UInt8 = 0) -> [Effect] {
        handle(.signed(request.number, IdealSignatures.sign(request.digest, by: id, variant: variant)))
    }

    /// Executes the next committed block that has not been executed.
    func executeNext() -> [Effect] {
        guard isUp, states.count <= archive.count else { return [] }
        return handle(.executed(run(archive[states.count - 1])))
    }

    var executionBacklog: Int { archive.count + 1 - states.count }

    /// The answer to a request for blocks, as an archive gives it.
    func response(to request: BlockRequest, pending: [Block]) -> Message {
        var blocks: [Block] = []
        if !pending.isEmpty || archive.contains(where: { $0.id == request.target }) {
            let end = archive.firstIndex(where: { $0.id == request.target }).map { $0 + 1 } ?? archive.count
            let known = Array(archive[..<end]) + pending
            blocks = Array(known.drop { $0.height <= request.above }.prefix(BlockRequest.maximumBlockCount))
        }
        return .blockResponse(BlockResponse(target: request.target, blocks: blocks))
    }

    /// Loses everything that is not durable, but for some records that reached the disk by luck.
    func crash(luck: Int = 0) {
        isUp = false
        durable = min(journal.count, durable + luck)
        journal.removeLast(journal.count - durable)
    }

    /// Reads the journal and begins again.
    func restart(now: Instant, wall: Timestamp) throws -> [Effect] {
        isUp = true
        incarnation += 1
        halt = nil
        execution = Execution(machine: KeyValueStore())
        states = [.genesis]
        archive = []
        results = [:]
        verifier = world.verifier()
        var recovery = Recovery(committee: world.committee)
        for record in journal {
            guard let block = try recovery.apply(record) else { continue }
            archive.append(block)
            _ = run(block)
        }
        let state = try recovery.state(
            verifier: &verifier,
            executed: states,
            leaderHistory: world.history(of: archive),
            position: JournalPosition(UInt64(journal.count))
        )
        lastRecord = recovery.record
        core = world.core(id.index, settings: settings, recovered: state, listeners: listeners)
        if core.safetyRecord.lockedView < promisedLock { oracle.violated("replica \(id) forgot its lock") }
        return start(now: now, wall: wall)
    }

    private func run(_ block: Block) -> ExecutedState {
        for result in execution.execute(block) {
            if let known = results[result.key], result.key.session != .none, known != result,
                case .executed = known.outcome, result.outcome != .replyForgotten
            {
                oracle.violated("replica \(id) executed \(result.key) twice")
            }
            results[result.key] = result
        }
        states.append(execution.executed)
        oracle.executed(execution.executed, by: id)
        return execution.executed
    }

    /// Keeps the books and lets the oracle see.
    private func note(_ effects: [Effect]) {
        // The certificates of these commits, each with the last block that it is said to make final.
        var proofs: [(certificate: QuorumCertificate, block: Digest)] = []
        for effect in effects {
            switch effect {
            case .append(let record, let position):
                journal.append(record)
                if position.rawValue != UInt64(journal.count) {
                    oracle.violated("replica \(id) left a hole at \(position)")
                }
                if case .safety(let record) = record {
                    oracle.wrote(record, after: lastRecord, by: id)
                    lastRecord = record
                }
            case .send(let released, _):
                oracle.released(released, by: id, durable: journal[..<durable])
                promisedLock = max(promisedLock, durableLock)
                verifier.remember(released)
            case .commit(let block, let certificate, _):
                if proofs.last?.certificate == certificate { proofs.removeLast() }
                proofs.append((certificate, block.id))
                if block.header.parent != archive.last?.id ?? world.committee.genesis.id {
                    oracle.violated("replica \(id) committed height \(block.height) out of order")
                }
                archive.append(block)
                oracle.committed(block, by: id)
            case .halt(let reason):
                halt = reason
            case .startSegment, .sign, .say, .serve, .serveRange, .repair, .serveSnapshot, .beginSnapshot, .keepChunk,
                .adoptSnapshot, .refuse, .answer, .wake, .enter, .gaveUp, .mine, .ignoredProof, .report,
                .amnesia:
                break
            }
        }
        for proof in proofs where proof.certificate.statement.commits != proof.block {
            oracle.violated("replica \(id) committed block \(proof.block.short) by a certificate of another")
        }
    }

    private var durableLock: View {
        for record in journal[..<durable].reversed() {
            if case .safety(let record) = record { return record.lockedView }
        }
        return .genesis
    }
}
