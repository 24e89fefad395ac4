internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging

/// Keeps final blocks in the archive and answers requests for blocks, on a thread of its own and in the order of the wishes.
final class Librarian: Sendable {
    private enum Job: Sendable {
        /// Keep a block that became final by a certificate.
        case keep(Block, by: QuorumCertificate)
        /// Answer a request.
        case serve(BlockRequest, pending: [Block], to: ReplicaID)
        /// Answer a request for a range.
        case serveRange(RangeRequest, to: ReplicaID)
        /// Put a block in the place of the damaged one.
        case repair(Block, by: QuorumCertificate?)
        /// Answer a question about snapshots.
        case serveSnapshot(SnapshotRequest, to: ReplicaID)
        /// Make all that is kept durable, and tell through which height.
        case sync(then: @Sendable (Height) -> Void)
        /// Remove what the policy does not want any more.
        case prune(snapshotHeight: Height)
    }

    /// The requests of all peers that wait at most; the next are dropped, for their senders ask again.
    private static let maximumWaiting = 256
    /// The final blocks that wait for the disk at most, in bytes.
    private static let maximumWaitingBytes = 64 << 20
    /// About what a block takes besides its commands: two certificates, its own and the one that made it final.
    private static let blockOverhead = 16 << 10

    /// How long a final block may wait for others to be written with, in nanoseconds: the journal has it as long.
    private static let lingering: UInt64 = 20_000_000

    private let worker: Worker<Job>

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - keeper: the archive, which from now on only this thread writes.
    ///   - store: the snapshots, which it only reads.
    ///   - transport: sends the answers.
    ///   - logger: hears what an operator should know.
    ///   - damaged: is told the height of each block that cannot be read.
    ///   - failed: is told, once, when the archive cannot be written.
    /// - Throws: that the system gives no thread.
    init(
        _ keeper: consuming ChainKeeper<RealDisk>,
        snapshots store: SnapshotStore<RealDisk>,
        transport: ReplicaTransport,
        logger: Logger,
        damaged: @escaping @Sendable (Height) -> Void,
        failed: @escaping @Sendable (ArchiveError) -> Void
    ) throws(ReplicaError) {
        let desk = Desk(keeper, snapshots: store, transport: transport, logger: logger, damaged: damaged)
        worker = try Worker(named: "hs-archive", lingering: Librarian.lingering) { jobs in
            do throws(ArchiveError) {
                try desk.perform(jobs)
            } catch {
                failed(error)
            }
        }
    }

    /// Keeps a block that became final.
    ///
    /// Who brings more of them than the disk takes waits for it: a replica with a slow disk is slow, and does not grow.
    func keep(_ block: Block, by certificate: QuorumCertificate) {
        worker.post(
            .keep(block, by: certificate),
            weighing: block.payload.encodedSize + Librarian.blockOverhead,
            within: Librarian.maximumWaitingBytes
        )
    }

    /// Queues a request.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - pending: the way from the last committed block to the target, if the target is above it.
    ///   - peer: who asks.
    func serve(_ request: BlockRequest, pending: [Block], to peer: ReplicaID) {
        worker.post(.serve(request, pending: pending, to: peer), unlessWaiting: Librarian.maximumWaiting)
    }

    /// Queues a request for a range of final blocks.
    func serve(_ request: RangeRequest, to peer: ReplicaID) {
        worker.post(.serveRange(request, to: peer), unlessWaiting: Librarian.maximumWaiting)
    }

    /// Puts a block that another replica gave in the place of the damaged one.
    func repair(_ block: Block, by certificate: QuorumCertificate?) {
        worker.post(.repair(block, by: certificate), unlessWaiting: Librarian.maximumWaiting)
    }

    /// Queues a question about snapshots.
    func serve(_ request: SnapshotRequest, to peer: ReplicaID) {
        worker.post(.serveSnapshot(request, to: peer), unlessWaiting: Librarian.maximumWaiting)
    }

    /// Makes all durable that was kept before, and then calls a closure with the height of the last block that is.
    func sync(then body: @escaping @Sendable (Height) -> Void) { worker.post(.sync(then: body)) }

    /// Removes what the policy does not want any more, now that there is a snapshot of a height.
    func prune(snapshotHeight: Height) { worker.post(.prune(snapshotHeight: snapshotHeight)) }

    /// Does what is queued, makes it durable, and ends the thread.
    func stop() {
        sync { _ in }
        worker.stop()
    }

    /// What the thread works on.
    //
    // @unchecked Sendable: touched only in `perform`, which only the worker's one thread calls.
    private final class Desk: @unchecked Sendable {
        private var keeper: ChainKeeper<RealDisk>
        private let shelf: BlockShelf<RealDisk>
        private var snapshots: SnapshotShelf<RealDisk>
        private let transport: ReplicaTransport
        private let logger: Logger
        private let damaged: @Sendable (Height) -> Void
        private var run: [Block] = []
        private var runBytes = 0
        /// The most blocks, and about the most bytes, that share a certificate: who is served a part gets all up to it.
        private static let (maximumRunCount, maximumRunBytes) = (256, 1 << 20)
        private var certificate: QuorumCertificate?

        init(
            _ keeper: consuming ChainKeeper<RealDisk>,
            snapshots store: SnapshotStore<RealDisk>,
            transport: ReplicaTransport,
            logger: Logger,
            damaged: @escaping @Sendable (Height) -> Void
        ) {
            self.damaged = damaged
            shelf = keeper.shelf
            snapshots = SnapshotShelf(store, archive: keeper.reader)
            self.keeper = keeper
            self.transport = transport
            self.logger = logger
        }

        /// Does jobs in their order; blocks that came together are kept together, under the last one's certificate.
        func perform(_ jobs: [Job]) throws(ArchiveError) {
            for job in jobs {
                switch job {
                case .keep(let block, let certificate):
                    run.append(block)
                    runBytes += block.payload.encodedSize
                    self.certificate = certificate
                    if run.count >= Self.maximumRunCount || runBytes >= Self.maximumRunBytes { try keepRun() }
                case .serve(let request, let pending, let peer):
                    try keepRun()
                    serve(request, pending: pending, to: peer)
                case .serveRange(let request, let peer):
                    try keepRun()
                    serve(request, to: peer)
                case .repair(let block, let certificate):
                    try keepRun()
                    try repair(block, by: certificate)
                case .serveSnapshot(let request, let peer):
                    try keepRun()
                    serve(request, to: peer)
                case .sync(let body):
                    try keepRun()
                    try keeper.sync()
                    body(keeper.durableHeight)
                case .prune(let height):
                    try keepRun()
                    _ = try keeper.prune(snapshotHeight: height)
                }
            }
            try keepRun()
        }

        private func keepRun() throws(ArchiveError) {
            guard let certificate, !run.isEmpty else { return }
            try keeper.keep(run, by: certificate)
            run.removeAll(keepingCapacity: true)
            runBytes = 0
        }

        private func serve(_ request: BlockRequest, pending: [Block], to peer: ReplicaID) {
            var response = BlockResponse(target: request.target, blocks: [])
            do {
                response = try shelf.answer(request, pending: pending)
            } catch {
                complain(error)
            }
            transport.send(Frame.encode(Message.blockResponse(response)), lane: .sync, to: peer)
        }

        private func serve(_ request: SnapshotRequest, to peer: ReplicaID) {
            var answer = SnapshotAnswer.nothing(request)
            do {
                answer = try snapshots.answer(request)
            } catch {
                logger.error("cannot read a snapshot: \(error)")
            }
            transport.send(Frame.encode(Message.snapshotAnswer(answer)), lane: .sync, to: peer)
        }

        private func serve(_ request: RangeRequest, to peer: ReplicaID) {
            var range = BlockRange(nothingAbove: request.above)
            do {
                range = try shelf.answer(request)
            } catch {
                complain(error)
            }
            transport.send(Frame.encode(Message.blockRange(range)), lane: .sync, to: peer)
        }

        /// Tells the operator that a block cannot be read, and asks for it again if it is damaged.
        private func complain(_ error: ArchiveError) {
            logger.error("cannot read a block from the archive: \(error)")
            if case .damaged(let height) = error { damaged(height) }
        }

        private func repair(_ block: Block, by certificate: QuorumCertificate?) throws(ArchiveError) {
            do {
                try keeper.repair(block, by: certificate)
                logger.notice(
                    "repaired a damaged block of the archive with another replica's",
                    metadata: ["height": "\(block.height)"]
                )
            } catch {
                // Whatever does not fit is another's mistake, or has come too late: the archive goes on.
                guard !error.isOfDisk else { throw error }
                logger.error("cannot repair block \(block.height): \(error)")
                // Its name stands in the block above, which therefore comes first; whoever reads it again asks for it again.
                if case .unknownName(let height) = error, let above = height.next, above <= keeper.reader.height {
                    damaged(above)
                }
            }
        }
    }
}
