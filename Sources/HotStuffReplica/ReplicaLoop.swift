internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging

/// The one who owns the core of a replica: takes what has come in, runs the core on it, and carries out its wishes.
///
/// It has a thread of its own, which sleeps while nothing is to be done. Who brings a message then takes the turn in its stead; see `Turns`.
///
/// It never waits for the application, a sync of the disk, or a signer behind a device or a network: they have threads of their own and
/// report to the inbox. Where the journal is not synced it writes that itself, and signs itself if that takes the processor alone: to hand
/// them over takes longer, and there is no sync beside which to sign.
//
// @unchecked Sendable: the mutable state is touched only by `run`, which is called once, before it lends turns, and by `turn`, of which one runs at a
// time: the inbox says whose turn it is, under its lock.
final class ReplicaLoop<Machine: StateMachine>: @unchecked Sendable {
    #if HOTSTUFF_ATTACKS
    /// Speaks in place of the replica, if anybody does.
    var tongue: (any Tongue)?
    /// When it speaks unasked, and how often that is.
    private var nextWord: Instant?
    private static var wordMicroseconds: UInt64 { 100_000 }
    #endif

    private var consensus: Consensus
    private var verifier: MessageVerifier
    private let around: Surroundings
    private var connected: Set<ReplicaID> = []
    private var wakeTime: Instant?
    private var records: [JournalEntry] = []
    /// The label of the segment that the records begin, if they do.
    private var label: [UInt8]?
    private var recordPosition = JournalPosition.start
    private var recordBytes = 0
    /// What execution has to do, once the records of this step are on their way.
    private var jobs: [ExecutionJob] = []
    /// What the loop itself has to sign.
    private var unsigned: [SigningRequest] = []
    /// Up to where the loop itself has written the journal, if the core has not been told yet.
    private var writtenPosition: JournalPosition?
    /// The loop writes no more than so many bytes itself.
    private static var maximumOwnBytes: Int { 256 << 10 }
    /// So many bytes of records go to the journal before a step is over: one that catches up takes in many blocks at once.
    private static var maximumRecordBytes: Int { 8 << 20 }
    /// The views that ended without a certificate since the start.
    private var failedViews: UInt64 = 0
    private var syncReporter = SyncReporter()
    /// The view of the last statement among the records.
    private var signedView = View.genesis
    private var complaints = ComplaintLimiter()
    /// What the core wishes for; empty between two turns.
    private var effects: [Effect] = []

    init(consensus: Consensus, verifier: MessageVerifier, surroundings: Surroundings) {
        self.consensus = consensus
        self.verifier = verifier
        around = surroundings
    }

    /// Runs until it is asked to stop or to start again, or has to stop.
    func run() -> LoopEnd {
        consensus.start(now: now, wall: wall, into: &effects)
        var rest = carryOn()
        around.inbox.lend { [self] in turn($0) }
        defer { around.inbox.withdraw() }
        while rest.goesOn {
            let batch = around.inbox.take(after: rest)
            if batch.isOver { break }
            if batch.isStopping {
                around.ended(.requested)
                break
            }
            if batch.startsAgain { return .startsAgain }
            rest = turn(batch)
        }
        return .ended
    }

    /// Runs the core on what has come, and carries out what it wishes for; by one at a time.
    private func turn(_ batch: Inbox.Batch) -> Turns.Rest {
        step(batch, into: &effects)
        return carryOn()
    }

    /// Carries out what the core wishes for.
    ///
    /// - Returns: what is left to be done, and when.
    private func carryOn() -> Turns.Rest {
        guard finish(&effects) else { return .over }
        #if HOTSTUFF_ATTACKS
        speakUnasked()
        #endif
        publish()
        return Turns.Rest(
            deadline: unsigned.isEmpty ? nextMoment.map { $0.rawValue * 1_000 } : 0,
            awaitsExecution: consensus.awaitsExecution
        )
    }

    #if HOTSTUFF_ATTACKS
    /// The next moment to act: the core's, or that of whoever speaks in its place.
    private var nextMoment: Instant? { [wakeTime, tongue == nil ? nil : nextWord ?? now].compactMap { $0 }.min() }

    /// Lets time pass for whoever speaks in place of the replica.
    private func speakUnasked() {
        guard let tongue, now >= nextWord ?? now else { return }
        nextWord = now.advanced(byMicroseconds: Self.wordMicroseconds)
        around.transport.send(tongue.passTime(of: consensus), lane: .consensus)
    }
    #else
    private var nextMoment: Instant? { wakeTime }
    #endif

    /// Carries out the wishes of the core, and those that it has when it is told what they made durable and what is signed.
    ///
    /// One thing is signed in a turn, and leaves before the next is signed: others wait for a proposal while its leader signs a vote. What else has
    /// to be signed waits for the next turn, in which time passes and others are heard, also where one replica alone is a quorum.
    ///
    /// - Returns: whether to go on.
    private func finish(_ effects: inout [Effect]) -> Bool {
        guard settle(&effects) else { return false }
        guard !unsigned.isEmpty else { return true }
        return sign(unsigned.removeFirst(), into: &effects) && settle(&effects)
    }

    /// Carries out wishes, and those that the core has when it is told what they made durable.
    ///
    /// - Returns: whether to go on.
    private func settle(_ effects: inout [Effect]) -> Bool {
        guard carryOut(&effects) else { return false }
        while let position = writtenPosition.take() {
            consensus.handle(.durable(position), into: &effects)
            guard carryOut(&effects) else { return false }
        }
        return true
    }

    /// Signs on this thread.
    ///
    /// - Returns: whether to go on.
    private func sign(_ request: SigningRequest, into effects: inout [Effect]) -> Bool {
        guard case .here(let signer) = around.signing else { return true }
        do {
            consensus.handle(.signed(request.number, try signer.sign(statement: request.digest)), into: &effects)
            return true
        } catch {
            around.logger.critical("the signer failed", metadata: ["reason": "\(error)"])
            around.ended(.signerFailed("\(error)"))
            return false
        }
    }

    private var now: Instant { Instant(SteadyClock.nanoseconds / 1_000) }
    private var wall: Timestamp { Timestamp(SteadyClock.wallMilliseconds) }

    /// Runs the core on a batch: our own reports first, then consensus, then sync, then commands.
    private func step(_ batch: Inbox.Batch, into effects: inout [Effect]) {
        consensus.handle(.clock(now: now, wall: wall), into: &effects)
        for (peer, isConnected) in batch.connections {
            if isConnected {
                connected.insert(peer)
                consensus.handle(.connected(peer), into: &effects)
            } else {
                connected.remove(peer)
                consensus.handle(.disconnected(peer), into: &effects)
            }
        }
        for event in batch.reports { consensus.handle(event, into: &effects) }
        for letter in batch.consensus + batch.sync { receive(letter, into: &effects) }
        if !batch.submitted.isEmpty { consensus.handle(.submitted(batch.submitted), into: &effects) }
        for letter in batch.relayed { receive(letter, into: &effects) }
    }

    private func receive(_ letter: Inbox.Letter, into effects: inout [Effect]) {
        #if HOTSTUFF_ATTACKS
        if let tongue {
            let said = tongue.hear(letter.message, from: letter.sender, of: consensus)
            around.transport.send(said, lane: .consensus)
        }
        #endif
        // What leads to nothing is not worth the verification of its signatures.
        guard
            Consensus.heedsAlways(letter.message, from: letter.sender)
                || consensus.heeds(letter.message, from: letter.sender)
        else { return }
        do {
            let message = try verifier.verify(letter.message, from: letter.sender)
            consensus.handle(.received(message, from: letter.sender), into: &effects)
        } catch {
            switch letter.message {
            case .blockRange, .snapshotAnswer: consensus.handle(.refused(letter.sender), into: &effects)
            default: break
            }
            if complaints.admits(letter.sender, at: now) {
                around.logger.warning(
                    "ignored a message",
                    metadata: ["replica": "\(letter.sender)", "reason": "\(error)"]
                )
            }
        }
    }

    /// Carries out the wishes of the core in their order; the records among them go to the journal together.
    ///
    /// - Returns: whether to go on.
    private func carryOut(_ effects: inout [Effect]) -> Bool {
        defer { effects.removeAll(keepingCapacity: true) }
        for effect in effects {
            switch effect {
            case .append(let record, let position):
                let entry = JournalEntry(record)
                recordBytes += entry.payload.count
                records.append(entry)
                if case .safety(let record) = record { signedView = record.highestSignedView }
                recordPosition = position
                if recordBytes > Self.maximumRecordBytes {
                    guard flush() else { return false }
                }
            case .startSegment(let height):
                guard flush() else { return false }
                label = SegmentLabel.encode(height)
            case .sign(let request):
                switch around.signing {
                case .beside(let worker): worker.post(request)
                case .here: unsigned.append(request)
                }
            case .send(let released, let recipients):
                verifier.remember(released)
                transmit(released.message, lane: .consensus, to: recipients, andListeners: true)
            case .say(let courtesy, let recipients):
                transmit(courtesy.message, lane: courtesy.lane, to: recipients)
            case .serve(let request, let pending, let peer): around.librarian.serve(request, pending: pending, to: peer)
            case .serveRange(let request, let peer): around.librarian.serve(request, to: peer)
            case .repair(let block, let certificate): around.librarian.repair(block, by: certificate)
            case .serveSnapshot(let request, let peer): around.librarian.serve(request, to: peer)
            case .beginSnapshot(let plan): around.snapshots.begin(plan)
            case .keepChunk(let chunk): around.snapshots.keep(chunk)
            case .adoptSnapshot(let name): around.snapshots.adopt(name)
            case .commit(let block, let certificate, let position):
                around.metrics.committed(block)
                around.librarian.keep(block, by: certificate)
                jobs.append(.execute(block, by: certificate, at: position))
            case .refuse(let keys): around.desk.refuse(keys)
            case .answer(let commands): jobs.append(.answer(commands))
            case .wake(let time): wakeTime = time
            case .enter(let view, let leader, let end):
                around.metrics.ended(end)
                if end != .certificate { failedViews += 1 }
                around.logger.trace(
                    "view",
                    metadata: [
                        "view": "\(view)", "leader": "\(leader.map(\.description) ?? "unknown")", "after": "\(end)",
                    ]
                )
            case .gaveUp(let view):
                around.logger.debug(
                    "gave up a view",
                    metadata: ["view": "\(view)", "leader": "\(consensus.leader.map(\.description) ?? "unknown")"]
                )
            case .mine(let puzzle): around.miner?.mine(puzzle)
            case .ignoredProof(let prover, let view): ignored(prover, view)
            case .report(let evidence): report(evidence)
            case .amnesia(let view):
                around.logger.warning(
                    "what this replica signed is not in its journal; it signs nothing until the others have gone past it",
                    metadata: ["view": "\(view.map { "\($0)" } ?? "not known yet")"]
                )
            case .halt(let reason):
                _ = flush()
                around.logger.critical("halted", metadata: ["reason": "\(reason.summary)"])
                around.ended(.halted(reason.summary))
                return false
            }
        }
        return flush()
    }

    /// Writes the records of this step, or hands them to the journal's thread, and wakes execution for what they make final.
    private func flush() -> Bool {
        // Behind the records: where the loop wrote them itself, execution hears with one awakening what to do and that it may tell.
        defer { startExecution() }
        guard !records.isEmpty else { return true }
        defer {
            records.removeAll(keepingCapacity: true)
            recordBytes = 0
            label = nil
        }
        do {
            try around.lease?.cover(signedView)
        } catch {
            around.ended(.failed(error.description))
            return false
        }
        do {
            if let written = around.written, label == nil, recordBytes <= Self.maximumOwnBytes {
                guard let progress = try around.journal.write(records, position: recordPosition.rawValue) else {
                    return true
                }
                writtenPosition = recordPosition
                written(progress)
            } else {
                try around.journal.submit(records, position: recordPosition.rawValue, startingSegment: label)
            }
            return true
        } catch {
            around.ended(.failed(error.description))
            return false
        }
    }

    private func startExecution() {
        guard !jobs.isEmpty else { return }
        around.execution.post(jobs)
        jobs.removeAll(keepingCapacity: true)
    }

    /// Sends to those who are connected; who connects later is told where we stand by the core.
    private func transmit(
        _ message: Message,
        lane: Lane,
        to recipients: Recipients,
        andListeners includesListeners: Bool = false
    ) {
        #if HOTSTUFF_ATTACKS
        if let tongue {
            around.transport.send(tongue.bend(message, to: recipients, of: consensus), lane: lane)
            return
        }
        #endif
        let bytes = Frame.encode(message)
        switch recipients {
        case .everyone:
            for peer in consensus.committee.validators.replicas where connected.contains(peer) {
                around.transport.send(bytes, lane: lane, to: peer)
            }
            for listener in includesListeners ? consensus.listeners : [] where connected.contains(listener) {
                around.transport.send(bytes, lane: lane, to: listener)
            }
        case .validators:
            for peer in consensus.committee.validators.replicas where connected.contains(peer) {
                around.transport.send(bytes, lane: lane, to: peer)
            }
        case .listeners:
            for listener in consensus.listeners where connected.contains(listener) {
                around.transport.send(bytes, lane: lane, to: listener)
            }
        case .replica(let peer):
            if connected.contains(peer) { around.transport.send(bytes, lane: lane, to: peer) }
        }
    }

    private func report(_ evidence: Evidence) {
        around.metrics.contradicted()
        let (replica, view) =
            switch evidence {
            case .votes(let vote, _): (vote.voter, vote.statement.view)
            case .proposals(let proposal, _): (proposal.block.header.proposer, proposal.block.view)
            }
        if complaints.admits(replica, at: now) {
            around.logger.error(
                "a replica contradicted itself",
                metadata: ["replica": "\(replica)", "view": "\(view)"]
            )
        }
    }

    private func ignored(_ prover: ReplicaID, _ view: View) {
        around.metrics.ignoredProof()
        guard complaints.admits(prover, at: now) else { return }
        around.logger.debug(
            "ignored a proof of work",
            metadata: ["replica": "\(prover)", "view": "\(view)"]
        )
    }

    private func publish() {
        if let line = syncReporter.line(
            for: consensus.syncProgress,
            snapshot: consensus.snapshotProgress,
            at: now
        ) {
            around.logger.info("\(line)")
        }
        let standing = StatusBoard.Standing(
            view: consensus.view,
            leader: consensus.leader,
            committedHeight: consensus.committed.height,
            committedBlock: consensus.committed.id,
            pendingCommands: UInt64(consensus.pendingCommandCount),
            failedViews: failedViews
        )
        around.board.update(standing)
        around.metrics.stands(at: standing)
    }
}
