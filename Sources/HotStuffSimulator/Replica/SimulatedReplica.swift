package import HotStuff
package import HotStuffStorage

/// One replica: the real core, verifier, journal, recovery, executor and block shelf, over a simulated disk.
///
/// It does what the shell of a real replica does, but nothing by itself: its surroundings decide when a write is durable, when
/// a signature is made, when a block is executed and when a message arrives.
package final class SimulatedReplica {
    private enum Job {
        case execute(Block, by: QuorumCertificate, at: JournalPosition)
        case answer([Command])
        case begin(SnapshotPlan)
        case keep(SnapshotChunk)
        case adopt(SnapshotName)
    }

    /// Its place among all replicas of the simulation, twins included.
    package let index: Int
    /// Who it is.
    package let id: ReplicaID
    /// The listeners that may connect to it.
    private let listeners: [ReplicaID]
    let world: SimulatedWorld
    let disk: SimulatedDisk
    let durability: Durability
    private let settings: ConsensusSettings
    private let footprintLimit: Footprint
    private let pen: Pen
    private let errsAt: Int?
    /// Sees what an honest replica does; nobody inspects a liar.
    private(set) var inspector: Inspector?
    unowned let surroundings: any Surroundings

    /// How often this replica has been started.
    package private(set) var incarnation = 0
    /// Whether it runs.
    package private(set) var isUp = false
    /// The core, while it runs.
    package private(set) var core: Consensus
    /// Where the core stands: cheaper to look at than the core, which would be copied.
    package private(set) var standing: Standing
    private var verifier: MessageVerifier
    var journal: Journal<SimulatedDisk>?
    var lease: SigningLease<SimulatedDisk>?
    /// How often its machine has been started.
    var boots: UInt8 = 0
    /// The same when this replica was started last.
    private(set) var bootsAtStart: UInt8 = 0
    /// Whether others sign with the same key.
    private let sharesKey: Bool
    /// The archive, while it runs.
    var keeper: ChainKeeper<SimulatedDisk>?
    private let archive: ArchiveConfiguration
    private var prover = SnapshotProver()
    /// The newest snapshot of its own, and up to which height blocks may go when that has a certificate.
    var pendingPrune: (newest: Height, reserve: Height)?
    private var receiver: SnapshotReceiver<SimulatedDisk>
    private var snapshots: SnapshotShelf<SimulatedDisk>?
    /// The height of the snapshot from which it started last, if there was one.
    private(set) var snapshotHeight: Height?
    /// The segment for which a successor was asked.
    var askedSegment: UInt64 = 0
    /// Short, so that segments come and go.
    private static let segmentBytes = 60_000
    /// Files of which all blocks are kept.
    package static let wholeArchive = ArchiveConfiguration(fileByteCount: 240_000)
    /// So little that the beginning of a segment sometimes has to wait.
    static let segmentRoom = 400_000
    var executor: Executor<ObservedStore>

    var writes = WriteQueue()
    private var jobs: [Job] = []
    private var waiting: [CommandKey: [Int]] = [:]
    private var effects: [Effect] = []
    /// What it found while it carried out the wishes of a step; the core hears of it after the step.
    var discoveries: [Event] = []
    private var now = Instant(0)
    private var wall = Timestamp(0)
    private var steps = 0
    private var ticks = 0

    /// Creates a replica that has never run.
    package init(
        index: Int,
        id: ReplicaID,
        listeners: [ReplicaID] = [],
        world: SimulatedWorld,
        settings: ConsensusSettings,
        durability: Durability = .powerLoss,
        archive: ArchiveConfiguration = SimulatedReplica.wholeArchive,
        errsAt: Int? = nil,
        sharesKey: Bool = false,
        inspector: Inspector?,
        surroundings: any Surroundings
    ) {
        self.sharesKey = sharesKey
        self.index = index
        self.id = id
        self.listeners = listeners
        self.world = world
        self.settings = settings
        self.durability = durability
        self.archive = archive
        self.inspector = inspector
        self.surroundings = surroundings
        disk = SimulatedDisk()
        receiver = SnapshotReceiver(in: SnapshotStore(on: disk, chain: world.committee.chain))
        pen = world.keys.pen(of: id)
        self.errsAt = errsAt
        footprintLimit = Footprint.limit(
            validatorCount: world.count,
            settings: settings,
            parameters: world.parameters
        )
        core = SimulatedReplica.core(
            id,
            listeners: listeners,
            world: world,
            settings: settings,
            recovered: nil,
            sharesKey: sharesKey
        )
        standing = core.standing(wall: Timestamp(0))
        verifier = world.verifier()
        executor = Executor(
            Execution(
                machine: ObservedStore(errsAt: errsAt),
                snapshotInterval: world.parameters.snapshotInterval
            )
        )
    }

    private static func core(
        _ id: ReplicaID,
        listeners: [ReplicaID],
        world: SimulatedWorld,
        settings: ConsensusSettings,
        recovered: RecoveredState?,
        sharesKey: Bool
    ) -> Consensus {
        Consensus(
            committee: world.committee,
            replica: id,
            listeners: listeners,
            parameters: world.parameters,
            settings: settings,
            leaders: RoundRobin(),
            recovered: recovered,
            sharesKey: sharesKey
        )
    }

    /// Its highest certificates.
    var certificates: CertificatePair { core.shownCertificates() }

    /// Whether it follows the protocol and is inspected.
    package var isHonest: Bool { inspector != nil }

    /// From now on it may break promises, and nobody holds it to them: its disk lost what was durable.
    func becomesFaulty() { inspector = nil }

    /// Starts, for the first time or again, with what the disk holds.
    ///
    /// - Throws: why the journal is refused; the replica stays down.
    package func start(now: Instant, wall: Timestamp, random: RandomSource) throws(RecoveryFailure) {
        precondition(!isUp, "replica \(id) is started twice")
        verifier = world.verifier()
        var replayed: [JournalRecord] = []
        var random = random
        let mark = UnsyncedMark(of: disk, bootIdentity: [boots])
        let amnesia: Amnesia?
        do {
            let lease = try SigningLease(of: disk)
            self.lease = lease
            amnesia = try mark.amnesia(under: lease)
        } catch {
            throw .journal(.disk(error))
        }
        let recovered = try RecoveredReplica.recover(
            on: disk,
            identity: JournalIdentity(chain: world.committee.chain, owner: Digest.hash(of: [UInt8(id.index & 255)])),
            // Without space of its own, so that a full disk is felt at any write.
            configuration: JournalConfiguration(
                durability: durability,
                damagePolicy: amnesia == nil ? .refuse : .cut,
                segmentBytes: SimulatedReplica.segmentBytes,
                preallocates: false
            ),
            archive: archive,
            committee: world.committee,
            machine: ObservedStore(errsAt: errsAt),
            snapshotInterval: world.parameters.snapshotInterval,
            verifier: &verifier,
            // Who signs nothing forgets nothing that counts.
            amnesia: id.isListener ? nil : amnesia,
            salt: JournalSalt(using: &random),
            observing: { replayed.append($0) }
        )
        do {
            switch durability {
            case .powerLoss: try mark.clear()
            case .processCrash: try mark.set()
            }
        } catch {
            throw .journal(.disk(error))
        }
        begin(recovered, replayed: replayed, now: now, wall: wall)
    }

    private func begin(
        _ recovered: consuming RecoveredReplica<ObservedStore, SimulatedDisk>,
        replayed: [JournalRecord],
        now: Instant,
        wall: Timestamp
    ) {
        isUp = true
        incarnation += 1
        bootsAtStart = boots
        (self.now, self.wall) = (now, wall)
        let state = recovered.state
        executor = Executor(recovered.execution, openings: recovered.openings)
        core = SimulatedReplica.core(
            id,
            listeners: listeners,
            world: world,
            settings: settings,
            recovered: state,
            sharesKey: sharesKey
        )
        let reader = recovered.keeper.reader
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        snapshots = SnapshotShelf(store, archive: reader)
        receiver = SnapshotReceiver(in: store)
        let uncertified = try? store.certifySnapshots(from: reader, trail: executor.execution.trail)
        prover = SnapshotProver(wanted: uncertified ?? [])
        keeper = .some(recovered.keeper)
        journal = .some(recovered.journal)
        snapshotHeight = recovered.snapshotHeight
        askedSegment = 0
        writes.begin(at: JournalPosition(UInt64(replayed.count)))
        executor.journalIsDurable(through: writes.durable)
        if incarnation > 1 {
            inspector?.restarted(
                core.standing(wall: wall),
                replayed: replayed,
                executed: state?.executed ?? []
            )
        }
        core.start(now: now, wall: wall, into: &effects)
        settle(after: nil)
    }

    // MARK: What happens to it

    /// The time, which comes before everything else that happens.
    package func clock(now: Instant, wall: Timestamp) {
        guard isUp else { return }
        (self.now, self.wall) = (now, wall)
        core.handle(.clock(now: now, wall: wall), into: &effects)
        ticks &+= 1
        // Most of the time nothing follows from the time; whether it should have is seen a little later too.
        if effects.isEmpty, ticks & 7 != 0 { return }
        settle(after: .clock(now: now, wall: wall))
    }

    /// A message of an authenticated replica arrives.
    ///
    /// - Parameters:
    ///   - message: the message, decoded from its bytes.
    ///   - sender: who sent it.
    ///   - fault: what is not true in it, which an honest replica must find out for itself.
    /// - Returns: why it is not believed, if it is not.
    @discardableResult
    package func receive(
        _ message: Message,
        from sender: ReplicaID,
        fault: @autoclosure () -> String? = nil
    ) -> VerificationFailure? {
        guard isUp else { return nil }
        guard core.heeds(message, from: sender) else { return nil }
        do {
            let verified = try verifier.verify(message, from: sender)
            if let inspector, let fault = fault() {
                inspector.report(Violation(.belief, "replica \(id) believed of replica \(sender) \(fault)"))
                return nil
            }
            handle(.received(verified, from: sender))
            return nil
        } catch {
            switch message {
            case .blockRange, .snapshotAnswer: handle(.refused(sender))
            default: break
            }
            return error
        }
    }

    /// A connection was made or broke.
    package func connection(to peer: ReplicaID, isUp connected: Bool) {
        handle(connected ? .connected(peer) : .disconnected(peer))
    }

    /// A client asks for commands to be executed, and waits for their results.
    package func submit(_ commands: [Command], client: Int) {
        guard isUp else { return }
        for command in commands where waiting[command.key]?.contains(client) != true {
            waiting[command.key, default: []].append(client)
        }
        handle(.submitted(commands))
    }

    /// A signature is made.
    package func sign(_ request: SigningRequest, incarnation: Int, variant: UInt8 = 0) {
        guard isUp, incarnation == self.incarnation else { return }
        handle(.signed(request.number, pen.sign(request.digest, variant: variant)))
    }

    // MARK: The application

    /// The application does its next job.
    package func execute(incarnation: Int) {
        guard isUp, incarnation == self.incarnation, !jobs.isEmpty else { return }
        switch jobs.removeFirst() {
        case .execute(let block, let certificate, let position):
            let state = executor.execute(block, committedAt: position)
            inspector?.executed(block, state, machine: executor.execution.machine, at: id)
            deliver(executor.takeResults())
            takeSnapshot(behind: block.header)
            certify(block.header, by: certificate)
            handle(.executed(state))
        case .begin(let plan): begin(plan)
        case .keep(let chunk): keep(chunk)
        case .adopt(let name): adopt(name)
        case .answer(let commands):
            let (known, forgotten) = executor.answer(commands)
            deliver(known)
            if !forgotten.isEmpty { handle(.forgotten(forgotten)) }
        }
    }

    /// Forgets all that is not on the disk.
    func end() {
        isUp = false
        journal = nil
        keeper = nil
        snapshots = nil
        pendingPrune = nil
        writes.drop()
        jobs = []
        waiting = [:]
        effects = []
        discoveries = []
        steps = 0
    }

    // MARK: The loop

    func handle(_ event: Event) {
        guard isUp else { return }
        core.handle(event, into: &effects)
        if effects.isEmpty, event.isOftenVain { return }
        settle(after: event)
    }

    /// Lets the inspector see, then carries out what the core wishes.
    private func settle(after event: Event?) {
        var wishes: [Effect] = []
        swap(&wishes, &effects)
        standing = core.standing(wall: wall)
        if let inspector {
            for wish in wishes {
                if case .append(let record, let position) = wish { inspector.appended(record, at: position, by: id) }
            }
            inspector.stepped(
                Step(
                    standing: standing,
                    event: event.map { $0.isOfListener ? .durable(writes.durable) : $0 },
                    effects: wishes,
                    now: now,
                    pace: settings.pacemaker
                )
            )
            steps += 1
            if steps.isMultiple(of: 64) { inspect(inspector) }
        }
        for wish in wishes {
            surroundings.notice(wish, at: self)
            carryOut(wish)
            guard isUp else { return }
        }
        if hasRecords, !isWriting { surroundings.diskIsWanted(by: self) }
        var found: [Event] = []
        swap(&found, &discoveries)
        for event in found { handle(event) }
    }

    /// Checks that nothing grows beyond its bound.
    private func inspect(_ inspector: Inspector) {
        if let excess = core.excess(over: footprintLimit) {
            inspector.report(Violation(.memory, "replica \(id) holds \(excess)"))
        }
    }

    private func carryOut(_ wish: Effect) {
        switch wish {
        case .append(let record, let position):
            writes.append(record, at: position)
        case .startSegment(let height): writes.startSegment(at: height)
        case .sign(let request): surroundings.signatureIsWanted(request, by: self)
        case .send(let released, let recipients):
            verifier.remember(released)
            inspector?.released(released, by: id, durable: writes.durable)
            surroundings.send(released.message, isStatement: true, to: recipients, from: self)
        case .say(let courtesy, let recipients):
            surroundings.send(courtesy.message, isStatement: false, to: recipients, from: self)
        case .serve(let request, let pending, let peer):
            serve(peer) { shelf throws(ArchiveError) in .blockResponse(try shelf.answer(request, pending: pending)) }
        case .serveRange(let request, let peer):
            serve(peer) { shelf throws(ArchiveError) in .blockRange(try shelf.answer(request)) }
        case .repair(let block, let certificate): repair(block, by: certificate)
        case .serveSnapshot(let request, let peer):
            guard let answer = try? snapshots?.answer(request) else { break }
            surroundings.send(.snapshotAnswer(answer), isStatement: false, to: .replica(peer), from: self)
        case .beginSnapshot(let plan): post(.begin(plan))
        case .keepChunk(let chunk): post(.keep(chunk))
        case .adoptSnapshot(let name): post(.adopt(name))
        case .commit(let block, let certificate, let position):
            inspector?.committed(block, by: certificate, position: position, at: id)
            guard keep(block, by: certificate) else { return }
            jobs.append(.execute(block, by: certificate, at: position))
            surroundings.executionIsWanted(by: self)
        case .answer(let commands):
            jobs.append(.answer(commands))
            surroundings.executionIsWanted(by: self)
        case .refuse(let keys):
            for key in keys {
                for client in waiting.removeValue(forKey: key) ?? [] {
                    surroundings.answer(.busy([key]), to: client, from: self)
                }
            }
        case .wake(let moment): surroundings.wake(self, at: moment)
        case .halt(let reason): stop(.halted(reason))
        case .enter, .gaveUp, .report, .amnesia: break
        }
    }

    private func post(_ job: Job) {
        jobs.append(job)
        surroundings.executionIsWanted(by: self)
    }

    // MARK: Snapshots of others

    /// Keeps the certificates of its own snapshots.
    private func certify(_ header: BlockHeader, by certificate: QuorumCertificate) {
        guard isUp else { return }
        if world.parameters.isSnapshotDue(at: header.height) { prover.want(header.height) }
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        for proved in prover.prove(by: header, finality: certificate, trail: executor.execution.trail) {
            // What cannot be kept is not offered.
            try? store.keep(proved)
        }
        prune()
    }

    private func begin(_ plan: SnapshotPlan) {
        do {
            handle(.snapshotBegun(plan.name, missing: try receiver.begin(plan)))
        } catch {
            handle(.snapshotFailed(plan.name))
        }
    }

    private func keep(_ chunk: SnapshotChunk) {
        do {
            switch try receiver.take(chunk) {
            case .taken, .alreadyThere: handle(.chunkKept(chunk.name, chunk.index))
            case .noSuchChunk, .wrong:
                inspector?.report(
                    Violation(
                        .belief,
                        "replica \(id) believed a wrong chunk of the snapshot of height \(chunk.name.height)"
                    )
                )
                handle(.snapshotFailed(chunk.name))
            }
        } catch {
            handle(.snapshotFailed(chunk.name))
        }
    }

    private func adopt(_ name: SnapshotName) {
        do {
            try receiver.finish(name)
        } catch {
            return handle(.snapshotFailed(name))
        }
        stop(.startsAgain)
    }

    func deliver(_ results: [CommandResult]) {
        guard !results.isEmpty else { return }
        inspector?.answered(results, by: id, durable: writes.durable)
        for result in results {
            for client in waiting.removeValue(forKey: result.key) ?? [] {
                surroundings.answer(.results([result]), to: client, from: self)
            }
        }
    }
}

extension Event {
    /// Whether this is about a listener, to whom a validator owes nothing of what it owes the others.
    fileprivate var isOfListener: Bool {
        switch self {
        case .connected(let peer), .disconnected(let peer), .received(_, let peer), .refused(let peer): peer.isListener
        case .clock, .damaged, .submitted, .forgotten, .durable, .signed, .executed, .segmentIsFull, .snapshotBegun,
            .chunkKept, .snapshotFailed:
            false
        }
    }
}
