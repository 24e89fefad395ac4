internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging

/// The thread of a replica that cannot start before blocks of its archive are repaired: it asks the others for them.
///
/// It signs nothing, and of clients it takes nothing. It serves what it has, for others may be in the same need. One thread makes it and
/// runs it.
struct MendingLoop: ~Copyable {
    /// What it works with.
    struct Surroundings: Sendable {
        let inbox: Inbox
        let transport: ReplicaTransport
        let desk: ClientDesk
        let logger: Logger
        /// Whether the application can go on from a snapshot of others.
        let restoresSnapshots: Bool
        let ended: @Sendable (ReplicaStop) -> Void
    }

    private let around: Surroundings
    private var archive: DamagedArchive<RealDisk>
    private var mending: Mending
    private var verifier: MessageVerifier
    private var shelf: SnapshotShelf<RealDisk>
    private var receiver: SnapshotReceiver<RealDisk>
    private var connected: Set<ReplicaID> = []
    private var wakeTime: Instant?
    private var news: [Event] = []
    private var isAdopted = false
    private var complaints = ComplaintLimiter()
    private var reporter = SyncReporter()
    /// When it is told again that nothing has come.
    private var nextReminder: Instant
    private var repairedCount = 0

    /// How soon, and how often, it is told that nothing comes.
    private static let (firstReminder, reminder): (UInt64, UInt64) = (5_000_000, 30_000_000)

    init(
        _ archive: consuming DamagedArchive<RealDisk>,
        mending: Mending,
        verifier: MessageVerifier,
        store: SnapshotStore<RealDisk>,
        surroundings: Surroundings
    ) {
        shelf = SnapshotShelf(store, archive: archive.reader)
        receiver = SnapshotReceiver(in: store)
        self.archive = archive
        self.mending = mending
        self.verifier = verifier
        around = surroundings
        nextReminder = MendingLoop.clock.advanced(byMicroseconds: MendingLoop.firstReminder)
    }

    /// Runs until all is repaired, and the replica can start again, or it is asked to stop.
    mutating func run() -> LoopEnd {
        while !archive.heights.isEmpty, !isAdopted {
            let due = [wakeTime, nextReminder].compactMap { $0 }.min()
            let batch = around.inbox.take(after: Turns.Rest(deadline: due.map { $0.rawValue * 1_000 }))
            if batch.isStopping {
                around.ended(.requested)
                return .ended
            }
            guard step(batch) else { return .ended }
            report()
        }
        around.logger.notice(
            "\(isAdopted ? "has a snapshot of others" : "the archive is whole again"); starts",
            metadata: ["repaired": "\(repairedCount)"]
        )
        return .startsAgain
    }

    private static var clock: Instant { Instant(SteadyClock.nanoseconds / 1_000) }

    /// Takes what has come; answers whether to go on.
    private mutating func step(_ batch: Inbox.Batch) -> Bool {
        var effects: [Effect] = []
        mending.handle(
            .clock(now: MendingLoop.clock, wall: Timestamp(SteadyClock.wallMilliseconds)),
            into: &effects
        )
        for (peer, isConnected) in batch.connections {
            if isConnected { connected.insert(peer) } else { connected.remove(peer) }
            mending.handle(isConnected ? .connected(peer) : .disconnected(peer), into: &effects)
        }
        for letter in batch.sync { receive(letter, into: &effects) }
        // They would wait for nobody knows how long: other replicas take them.
        if !batch.submitted.isEmpty { around.desk.refuse(batch.submitted.map(\.key)) }
        while !effects.isEmpty {
            for effect in effects {
                guard carryOut(effect) else { return false }
            }
            effects.removeAll()
            for event in news { mending.handle(event, into: &effects) }
            news = []
        }
        return true
    }

    private mutating func receive(_ letter: Inbox.Letter, into effects: inout [Effect]) {
        guard mending.heeds(letter.message, from: letter.sender) else { return }
        do {
            let message = try verifier.verify(letter.message, from: letter.sender)
            mending.handle(.received(message, from: letter.sender), into: &effects)
        } catch {
            mending.handle(.refused(letter.sender), into: &effects)
            if complaints.admits(letter.sender, at: MendingLoop.clock) {
                around.logger.warning(
                    "ignored a message",
                    metadata: ["replica": "\(letter.sender)", "reason": "\(error)"]
                )
            }
        }
    }

    private mutating func carryOut(_ effect: Effect) -> Bool {
        switch effect {
        case .say(let courtesy, .replica(let peer)): send(courtesy.message, to: peer)
        case .serveRange(let request, let peer):
            let range = try? BlockShelf(archive.reader).answer(request)
            send(.blockRange(range ?? BlockRange(nothingAbove: request.above)), to: peer)
        case .serveSnapshot(let request, let peer):
            send(.snapshotAnswer((try? shelf.answer(request)) ?? .nothing(request)), to: peer)
        case .repair(let block, let certificate): return repair(block, by: certificate)
        case .beginSnapshot(let plan):
            take(plan.name) { receiver throws(SnapshotStoreError) in
                .snapshotBegun(plan.name, missing: try receiver.begin(plan))
            }
        case .keepChunk(let chunk):
            take(chunk.name) { receiver throws(SnapshotStoreError) in
                switch try receiver.take(chunk) {
                case .taken, .alreadyThere: .chunkKept(chunk.name, chunk.index)
                case .noSuchChunk, .wrong: .snapshotFailed(chunk.name)
                }
            }
        case .adoptSnapshot(let name):
            do {
                try receiver.finish(name)
                isAdopted = true
            } catch {
                fail(name, error)
            }
        case .wake(let time): wakeTime = time
        // Only the core wishes these.
        case .append, .startSegment, .sign, .send, .say, .serve, .commit, .refuse, .answer, .enter, .gaveUp, .mine,
            .ignoredProof, .report, .amnesia, .halt:
            break
        }
        return true
    }

    private func send(_ message: Message, to peer: ReplicaID) {
        if connected.contains(peer) { around.transport.send(Frame.encode(message), lane: .sync, to: peer) }
    }

    private mutating func repair(_ block: Block, by certificate: QuorumCertificate?) -> Bool {
        do {
            try archive.repair(block, by: certificate)
        } catch {
            around.logger.error("cannot repair block \(block.height): \(error)")
            guard !error.isOfDisk else {
                around.ended(.failed(error.description))
                return false
            }
            news.append(.damaged(block.height))
            return true
        }
        repairedCount += 1
        around.logger.notice(
            "repaired a damaged block of the archive with another replica's",
            metadata: ["height": "\(block.height)", "left": "\(archive.heights.count)"]
        )
        nextReminder = MendingLoop.clock.advanced(byMicroseconds: MendingLoop.reminder)
        return true
    }

    private mutating func take(
        _ name: SnapshotName,
        _ body: (inout SnapshotReceiver<RealDisk>) throws(SnapshotStoreError) -> Event
    ) {
        guard around.restoresSnapshots else { return news.append(.snapshotFailed(name)) }
        do {
            news.append(try body(&receiver))
        } catch {
            fail(name, error)
        }
    }

    private mutating func fail(_ name: SnapshotName, _ error: SnapshotStoreError) {
        around.logger.error("cannot take the snapshot of height \(name.height) from others: \(error)")
        news.append(.snapshotFailed(name))
    }

    /// Tells how far a snapshot is, and once in a while that it waits.
    private mutating func report() {
        let now = MendingLoop.clock
        if let line = reporter.line(for: nil, snapshot: mending.snapshotProgress, at: now) {
            around.logger.info("\(line)")
        }
        guard now >= nextReminder, let first = archive.heights.first else { return }
        nextReminder = now.advanced(byMicroseconds: MendingLoop.reminder)
        around.logger.warning(
            "still waits for another replica to give damaged blocks, before it can start",
            metadata: [
                "first": "\(first)", "blocks": "\(archive.heights.count)",
                "connected": "\(connected.count { !$0.isListener })",
            ]
        )
    }
}
