package import HotStuff
package import HotStuffStorage

/// One replica: the real core, verifier, journal, recovery, executor and block shelf, over a simulated disk.
///
/// It does what the shell of a real replica does, but nothing by itself: its surroundings decide when a write is durable, when
/// a signature is made, when a block is executed and when a message arrives.
package final class SimulatedReplica {
    private enum Job {
        case execute(Block, at: JournalPosition)
        case answer([Command])
    }

    /// Its place among all replicas of the simulation, twins included.
    package let index: Int
    /// Who it is.
    package let id: ReplicaID
    let world: SimulatedWorld
    let disk: SimulatedDisk
    let durability: Durability
    private let settings: ConsensusSettings
    private let footprintLimit: Footprint
    private let pen: Pen
    private let errsAt: Int?
    /// Sees what an honest replica does; nobody inspects a liar.
    private var inspector: Inspector?
    private unowned let surroundings: any Surroundings

    /// How often this replica has been started.
    package private(set) var incarnation = 0
    /// Whether it runs.
    package private(set) var isUp = false
    /// The core, while it runs.
    package private(set) var core: Consensus
    /// Where the core stands: cheaper to look at than the core, which would be copied.
    package private(set) var standing: Standing
    private var verifier: MessageVerifier
    private var journal: Journal<SimulatedDisk>?
    private var lease: SigningLease<SimulatedDisk>?
    /// How often its machine has been started.
    private var boots: UInt8 = 0
    /// The same when this replica was started last.
    private var bootsAtStart: UInt8 = 0
    /// Whether others sign with the same key.
    private let sharesKey: Bool
    private var shelf: BlockShelf<SimulatedDisk>?
    private var blocks = BlockIndex()
    private(set) var executor: Executor<ObservedStore>

    private(set) var writes = WriteQueue()
    private var jobs: [Job] = []
    private var waiting: [CommandKey: [Int]] = [:]
    private var effects: [Effect] = []
    private var questions: [Event] = []
    private var now = Instant(0)
    private var wall = Timestamp(0)
    private var steps = 0
    private var ticks = 0

    /// Creates a replica that has never run.
    package init(
        index: Int,
        id: ReplicaID,
        world: SimulatedWorld,
        settings: ConsensusSettings,
        durability: Durability = .powerLoss,
        errsAt: Int? = nil,
        sharesKey: Bool = false,
        inspector: Inspector?,
        surroundings: any Surroundings
    ) {
        self.sharesKey = sharesKey
        self.index = index
        self.id = id
        self.world = world
        self.settings = settings
        self.durability = durability
        self.inspector = inspector
        self.surroundings = surroundings
        disk = SimulatedDisk()
        pen = world.keys.pen(of: id)
        self.errsAt = errsAt
        footprintLimit = Footprint.limit(
            validatorCount: world.count,
            settings: settings,
            parameters: world.parameters
        )
        core = SimulatedReplica.core(id, world: world, settings: settings, recovered: nil, sharesKey: sharesKey)
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
        world: SimulatedWorld,
        settings: ConsensusSettings,
        recovered: RecoveredState?,
        sharesKey: Bool
    ) -> Consensus {
        Consensus(
            committee: world.committee,
            replica: id,
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
    package func start(now: Instant, wall: Timestamp, random: RandomSource) throws(JournalError) {
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
            throw .disk(error)
        }
        let recovered = try RecoveredReplica.recover(
            on: disk,
            identity: JournalIdentity(chain: world.committee.chain, owner: Digest.hash(of: [UInt8(id.index & 255)])),
            // Without space of its own, so that a full disk is felt at any write.
            configuration: JournalConfiguration(
                durability: durability,
                damagePolicy: amnesia == nil ? .refuse : .cut,
                preallocates: false
            ),
            committee: world.committee,
            machine: ObservedStore(errsAt: errsAt),
            snapshotInterval: world.parameters.snapshotInterval,
            verifier: &verifier,
            amnesia: amnesia,
            salt: JournalSalt(using: &random),
            observing: { replayed.append($0) }
        )
        do {
            switch durability {
            case .powerLoss: try mark.clear()
            case .processCrash: try mark.set()
            }
        } catch {
            throw .disk(error)
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
        blocks = recovered.index
        executor = Executor(recovered.execution, openings: recovered.openings)
        core = SimulatedReplica.core(id, world: world, settings: settings, recovered: state, sharesKey: sharesKey)
        shelf = BlockShelf(index: blocks, reader: recovered.journal.reader)
        journal = .some(recovered.journal)
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
        if case .blockResponse(let response) = message, !core.awaits(response, from: sender) { return nil }
        do {
            let verified = try verifier.verify(message, from: sender)
            if let inspector, let fault = fault() {
                inspector.report(Violation(.belief, "replica \(id) believed of replica \(sender) \(fault)"))
                return nil
            }
            handle(.received(verified, from: sender))
            return nil
        } catch {
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

    // MARK: The disk

    /// Whether records wait for the disk.
    package var hasRecords: Bool { !writes.isEmpty }

    /// Whether a batch is on its way to the disk.
    package var isWriting: Bool { writes.written != nil }

    /// Hands all records that wait to the disk as one batch; `finishWriting` must follow.
    package func startWriting() {
        if isUp { writes.startWriting() }
    }

    /// The disk has done the batch, or failed to.
    package func finishWriting(incarnation: Int) {
        guard isUp, incarnation == self.incarnation, let batch = writes.takeWritten() else { return }
        do {
            if durability == .processCrash { try cover(batch.signedView) }
            guard let locations = try journal?.append(batch.records) else { return }
            blocks.insert(Array(zip(batch.entries, locations)))
        } catch {
            guard case .disk(let fault) = error else {
                inspector?.report(Violation(.halt, "replica \(id) cannot write although its disk can: \(error)"))
                return
            }
            stop(.diskFailed(fault))
            return
        }
        if durability == .powerLoss, disk.hasUnsyncedJournal {
            inspector?.report(
                Violation(.durability, "the journal of replica \(id) told of a batch that a loss of power would lose")
            )
        }
        writes.isDurable(batch)
        executor.journalIsDurable(through: writes.durable)
        deliver(executor.takeResults())
        handle(.durable(writes.durable))
        if isUp, hasRecords { surroundings.diskIsWanted(by: self) }
    }

    /// Whether it may have forgotten what it signed, or will have when it starts.
    var isForgetful: Bool {
        standing.record.forgottenThrough != nil || durability == .processCrash && boots != bootsAtStart
    }

    /// Lets nothing be signed beyond the lease.
    private func cover(_ view: View) throws(JournalError) {
        guard lease?.covers(view) != true, !mutant("ignore-lease") else { return }
        do {
            try lease?.extend(over: view)
        } catch {
            throw .disk(error)
        }
    }

    // MARK: The application

    /// The application does its next job.
    package func execute(incarnation: Int) {
        guard isUp, incarnation == self.incarnation, !jobs.isEmpty else { return }
        switch jobs.removeFirst() {
        case .execute(let block, let position):
            let state = executor.execute(block, committedAt: position)
            inspector?.executed(block, state, machine: executor.execution.machine, at: id)
            deliver(executor.takeResults())
            handle(.executed(state))
        case .answer(let commands):
            let (known, forgotten) = executor.answer(commands)
            deliver(known)
            if !forgotten.isEmpty { handle(.forgotten(forgotten)) }
        }
    }

    // MARK: Its end

    /// The process dies; what was written stays, whether or not it was acknowledged.
    ///
    /// - Parameter midWrite: whether a batch on its way still gets to the disk.
    package func kill(midWrite: Bool) {
        if midWrite, let batch = writes.written { _ = try? journal?.append(batch.records) }
        end()
        disk.killProcess()
    }

    /// The power fails: of what was not synced anything may remain.
    ///
    /// - Parameters:
    ///   - midWrite: whether a batch is caught between write and sync.
    ///   - seed: decides what remains.
    /// - Returns: what became of the changes that were not synced.
    @discardableResult
    package func losePower(midWrite: Bool, seed: UInt64) -> PowerLoss {
        if midWrite, let batch = writes.written {
            disk.interruptNextSync()
            _ = try? journal?.append(batch.records)
        }
        end()
        boots &+= 1
        return disk.losePower(seed: seed)
    }

    private func end() {
        isUp = false
        journal = nil
        shelf = nil
        writes.drop()
        jobs = []
        waiting = [:]
        effects = []
        questions = []
        steps = 0
    }

    private func stop(_ reason: StopReason) {
        end()
        disk.killProcess()
        surroundings.stopped(self, because: reason)
    }

    // MARK: The loop

    private func handle(_ event: Event) {
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
                Step(standing: standing, event: event, effects: wishes, now: now, pace: settings.pacemaker)
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
        case .sign(let request): surroundings.signatureIsWanted(request, by: self)
        case .send(let released, let recipients):
            verifier.remember(released)
            inspector?.released(released, by: id, durable: writes.durable)
            surroundings.send(released.message, isStatement: true, to: recipients, from: self)
        case .say(let courtesy, let recipients):
            surroundings.send(courtesy.message, isStatement: false, to: recipients, from: self)
        case .serve(let request, let pending, let peer):
            do {
                guard let response = try shelf?.answer(request, pending: pending) else { return }
                surroundings.send(.blockResponse(response), isStatement: false, to: .replica(peer), from: self)
            } catch {
                inspector?.report(Violation(.recovery, "replica \(id) cannot read its own blocks: \(error)"))
            }
        case .commit(let block, let certificate, let position):
            inspector?.committed(block, by: certificate, position: position, at: id)
            jobs.append(.execute(block, at: position))
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

    private func deliver(_ results: [CommandResult]) {
        guard !results.isEmpty else { return }
        inspector?.answered(results, by: id, durable: writes.durable)
        for result in results {
            for client in waiting.removeValue(forKey: result.key) ?? [] {
                surroundings.answer(.results([result]), to: client, from: self)
            }
        }
    }
}
