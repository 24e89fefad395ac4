public import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
public import Logging
public import NIOCore
public import PostQuantum
internal import Synchronization

/// A running replica: the core, its journal, its connections, its application and the threads between them.
public final class Replica: Sendable {
    private let inbox: Inbox
    private let transport: ReplicaTransport
    private let reception: Reception
    private let ending: Ending
    private let readiness: Readiness
    private let finish: @Sendable () async -> Void

    /// The port on which this replica listens.
    public let port: Int

    private init(
        inbox: Inbox,
        transport: ReplicaTransport,
        reception: Reception,
        ending: Ending,
        readiness: Readiness,
        port: Int,
        finish: @escaping @Sendable () async -> Void
    ) {
        self.inbox = inbox
        self.transport = transport
        self.reception = reception
        self.ending = ending
        self.readiness = readiness
        self.port = port
        self.finish = finish
    }

    /// The height of the last block that was committed before the start; none while blocks of its archive that it needs for that
    /// are damaged, and it waits for others to give them.
    public var recoveredHeight: Height? { readiness.height }

    /// Waits until it has started with what was committed before: at once, but for a replica that has to get damaged blocks first.
    ///
    /// - Returns: the height of the last of those blocks; none if it ended without.
    public func waitUntilReady() async -> Height? { await readiness.wait() }

    /// Starts a replica: opens its port and its journal, executes what was committed, and joins the others.
    ///
    /// If a block is damaged that it needs for that, it asks the others for it first, and does nothing else meanwhile.
    ///
    /// - Parameters:
    ///   - configuration: everything that the replica must be told.
    ///   - signer: the private key that belongs to its public key.
    ///   - machine: the application in its first state.
    ///   - group: the event loops of its connections.
    ///   - logger: hears what an operator should know.
    /// - Returns: the replica, which runs until it is stopped.
    /// - Throws: why it cannot start; nothing runs then.
    public static func start<Machine: StateMachine>(
        _ configuration: ReplicaConfiguration,
        signer: any Signer,
        machine: Machine,
        group: any EventLoopGroup,
        logger: Logger
    ) async throws(ReplicaError) -> Replica {
        let scheme = try scheme(of: configuration)
        let inbox = Inbox(replicaCount: configuration.genesis.validators.count, listeners: configuration.audience)
        let reception = Reception(inbox: inbox, logger: logger)
        let transport: ReplicaTransport
        do {
            transport = try ReplicaTransport(
                configuration: TransportConfiguration(
                    genesis: configuration.genesis,
                    scheme: scheme,
                    peers: configuration.neighbours
                ),
                id: configuration.replica,
                signer: signer,
                group: group,
                logger: logger,
                delegate: reception
            )
            try await transport.start()
        } catch {
            throw .transport(error)
        }
        let desk = ClientDesk(transport: transport)
        let board = StatusBoard()
        let ending = Ending()
        let readiness = Readiness()
        let start: @Sendable () throws(ReplicaError) -> Incarnation = { () throws(ReplicaError) in
            try assemble(
                configuration,
                scheme: scheme,
                signer: signer,
                machine: machine,
                inbox: inbox,
                reception: reception,
                transport: transport,
                desk: desk,
                board: board,
                ending: ending,
                logger: logger
            )
        }
        do throws(ReplicaError) {
            let first = try start()
            // The thread takes it out: what it kept would stay in memory as long as the replica runs.
            let handover = Monitor<Incarnation?>(first)
            let thread: SystemThread
            do {
                thread = try SystemThread(named: "hs-loop") {
                    defer { readiness.end() }
                    Self.live(
                        handover,
                        again: start,
                        inbox: inbox,
                        ending: ending,
                        readiness: readiness,
                        logger: logger
                    )
                }
            } catch {
                first.close()
                throw ReplicaError.thread(error.code)
            }
            if let height = first.recoveredHeight { readiness.begin(at: height) }
            let closing = Once { thread.join() }
            return Replica(
                inbox: inbox,
                transport: transport,
                reception: reception,
                ending: ending,
                readiness: readiness,
                port: transport.port ?? 0,
                finish: { await closing.run() }
            )
        } catch {
            await transport.stop()
            throw error
        }
    }

    /// Runs the loop of a replica, and again whenever it is to start from what the data directory holds then.
    private static func live(
        _ handover: Monitor<Incarnation?>,
        again start: () throws(ReplicaError) -> Incarnation,
        inbox: Inbox,
        ending: Ending,
        readiness: Readiness,
        logger: Logger
    ) {
        do throws(ReplicaError) {
            while try liveOnce(handover, or: start, readiness: readiness) == .startsAgain { inbox.begin() }
        } catch {
            logger.critical("cannot start again", metadata: ["reason": "\(error)"])
            ending.end(.failed("\(error)"))
        }
    }

    /// Runs the incarnation that is ready, or else a new one, and closes it; nothing of it is left when this returns.
    private static func liveOnce(
        _ handover: Monitor<Incarnation?>,
        or start: () throws(ReplicaError) -> Incarnation,
        readiness: Readiness
    ) throws(ReplicaError) -> LoopEnd {
        let ready = handover.change { next in
            defer { next = nil }
            return next
        }
        let incarnation: Incarnation
        if let ready { incarnation = ready } else { incarnation = try start() }
        defer { incarnation.close() }
        if let height = incarnation.recoveredHeight { readiness.begin(at: height) }
        return incarnation.run()
    }

    /// Stops: takes no more, writes what is decided, closes everything.
    public func stop() async {
        inbox.stop()
        _ = await waitUntilStopped()
    }

    /// Returns when the replica has ended and everything is closed, and says how it ended.
    public func waitUntilStopped() async -> ReplicaStop {
        let stop = await ending.reason()
        await transport.stop()
        await finish()
        return stop
    }

    private static func scheme(of configuration: ReplicaConfiguration) throws(ReplicaError) -> SignatureScheme {
        let genesis = configuration.genesis
        guard let scheme = SignatureScheme(rawValue: genesis.signatureScheme) else {
            throw .configuration("the signature scheme \(genesis.signatureScheme) is unknown")
        }
        if let fault = genesis.parameters.fault ?? configuration.settings.fault { throw .configuration(fault) }
        let powers = genesis.validators.validators.map(\.power.rawValue)
        // An election of the user's own is the user's own affair.
        if configuration.leaders == nil, let obstacle = genesis.parameters.obstacle(among: powers) {
            throw .configuration("\(obstacle)")
        }
        if let threads = configuration.verificationThreads, !VerificationPool.threadCounts.contains(threads) {
            throw .configuration(
                "between 0 and \(VerificationPool.threadCounts.upperBound) threads can verify certificates, not \(threads)"
            )
        }
        if let threads = configuration.miningThreads, !Miner.threadCounts.contains(threads) {
            throw .configuration(
                "between \(Miner.threadCounts.lowerBound) and \(Miner.threadCounts.upperBound) threads can solve puzzles, not \(threads)"
            )
        }
        guard
            genesis.validators.contains(configuration.replica)
                || configuration.isListener && configuration.peers.contains(where: { $0.id == configuration.replica })
        else {
            throw .configuration("replica \(configuration.replica) is not among the validators or listeners")
        }
        let listeners = configuration.peers.filter(\.id.isListener)
        guard listeners.count <= ReplicaID.maximumListenerCount else {
            throw .configuration(
                "there are \(listeners.count) listeners, allowed are \(ReplicaID.maximumListenerCount)"
            )
        }
        for peer in configuration.peers
        where !peer.id.isListener
            && !(genesis.validators.contains(peer.id)
                && genesis.validators.validators[peer.id.index].verificationKey == peer.verificationKey)
        {
            throw .configuration("the key of replica \(peer.id) differs between its address and the validator set")
        }
        return scheme
    }

    private static func assemble<Machine: StateMachine>(
        _ configuration: ReplicaConfiguration,
        scheme: SignatureScheme,
        signer: any Signer,
        machine: Machine,
        inbox: Inbox,
        reception: Reception,
        transport: ReplicaTransport,
        desk: ClientDesk,
        board: StatusBoard,
        ending: Ending,
        logger: Logger
    ) throws(ReplicaError) -> Incarnation {
        let committee = Committee(configuration.genesis)
        let verificationPool = try VerificationPool(
            threadCount: configuration.verificationThreads ?? VerificationPool.defaultThreadCount
        )
        var verifier: MessageVerifier
        do {
            verifier = try MessageVerifier(
                committee: committee,
                parameters: configuration.genesis.parameters,
                scheme: scheme,
                pool: verificationPool
            )
        } catch {
            throw .configuration("a public key in the validator set is none: \(error)")
        }
        let directory: DataDirectory<RealDisk>
        do {
            directory = try DataDirectory(path: configuration.dataDirectory, createIfMissing: true)
        } catch {
            throw .dataDirectory(error)
        }
        let keeper = try KeyKeeper(configuration, data: directory.disk)
        let mark = UnsyncedMark(of: directory.disk)
        let lease: SigningLease<RealDisk>
        let amnesia: Amnesia?
        do {
            lease = try SigningLease(of: directory.disk)
            amnesia = try mark.amnesia(under: lease)
        } catch {
            throw .journal(.disk(error))
        }
        // Who signs nothing forgets nothing that counts.
        let forgotten = configuration.isListener ? nil : try keeper.amnesia(besides: amnesia, logger: logger)
        let supervision = try ExecutionKeeper.supervision(configuration, on: directory.disk, logger: logger)
        let recovered: RecoveredReplica<Machine, RealDisk>
        do {
            recovered = try RecoveredReplica.recover(
                on: directory.disk,
                identity: configuration.journalIdentity,
                configuration: JournalConfiguration(
                    durability: configuration.durability,
                    damagePolicy: amnesia == nil ? .refuse : .cut,
                    segmentBytes: configuration.segmentBytes
                ),
                archive: configuration.archive,
                committee: committee,
                machine: machine,
                parameters: configuration.genesis.parameters,
                leaders: configuration.leaders,
                verifier: &verifier,
                amnesia: forgotten,
                supervision: supervision
            )
        } catch {
            supervision.witness?.giveUp()
            // Whoever is alone has nobody to ask.
            guard case .damaged(let blocks) = error, committee.validators.count > 1 || configuration.isListener else {
                throw .recovery(error)
            }
            logger.error(
                "block \(blocks.first) is damaged in \(blocks.path): asks the others for it, and does nothing else before it is there"
            )
            let surroundings = MendingLoop.Surroundings(
                inbox: inbox,
                transport: transport,
                desk: desk,
                logger: logger,
                restoresSnapshots: Machine.offersSnapshots,
                ended: { ending.end($0) }
            )
            return try mend(
                blocks,
                configuration,
                directory: directory,
                verifier: verifier,
                pool: verificationPool,
                surroundings: surroundings
            )
        }
        do {
            switch configuration.durability {
            case .powerLoss: try mark.clear()
            case .processCrash: try mark.set()
            }
        } catch {
            throw .journal(.disk(error))
        }
        try keeper.use(after: forgotten)
        for notice in recovered.notices { logger.warning("\(notice)") }
        if configuration.isListener { logger.notice("this is a listener: it follows the chain and has no vote") }
        let consensus = Consensus(
            committee: committee,
            replica: configuration.replica,
            listeners: configuration.audience,
            parameters: configuration.genesis.parameters,
            settings: configuration.settings,
            leaders: configuration.leaders,
            recovered: recovered.state
        )
        let store = SnapshotStore(on: directory.disk, chain: configuration.genesis.chain)
        // What nobody would believe in yet.
        let uncertified = try? store.certifySnapshots(
            from: recovered.keeper.reader,
            trail: recovered.execution.trail
        )
        let librarian = try Librarian(
            recovered.keeper,
            snapshots: store,
            transport: transport,
            logger: logger,
            damaged: { inbox.report(.damaged($0)) },
            failed: { error in
                logger.critical("the archive failed", metadata: ["reason": "\(error)"])
                ending.end(.failed(error.description))
                inbox.stop()
            }
        )
        let segments = Segments(
            inbox: inbox,
            librarian: librarian,
            maximumBatchBytes: recovered.journal.configuration.maximumBatchBytes
        )
        let snapshots = try SnapshotThread<Machine>(
            to: store,
            librarian: librarian,
            inbox: inbox,
            logger: logger
        )
        let execution = try ExecutionThread(
            recovered.execution,
            replica: configuration.replica,
            openings: recovered.openings,
            desk: desk,
            board: board,
            inbox: inbox,
            snapshots: snapshots,
            prover: SnapshotProver(wanted: uncertified ?? [])
        )
        let signing = try Worker<SigningRequest>(named: "hs-sign") { requests in
            for request in requests {
                do {
                    inbox.report(.signed(request.number, try signer.sign(statement: request.digest)))
                } catch {
                    logger.critical("the signer failed", metadata: ["reason": "\(error)"])
                    ending.end(.signerFailed("\(error)"))
                    inbox.stop()
                    return
                }
            }
        }
        let miner: Miner?
        if configuration.wantsWork, !configuration.isListener {
            miner = try Miner(threadCount: configuration.miningThreads) { inbox.report(.mined($0, nonce: $1)) }
        } else {
            miner = nil
        }
        let signsUnsynced = configuration.durability == .processCrash && !configuration.isListener
        let leaseKeeper = signsUnsynced ? try LeaseKeeper(lease) : nil
        // The last that can fail: the journal's thread and the segments hold each other until they are closed.
        let journal: JournalWriter<RealDisk>
        do {
            journal = try JournalWriter(recovered.journal) { progress in
                let position = JournalPosition(progress.position)
                execution.post(.durable(position))
                inbox.report(.durable(position))
                segments.look(at: progress)
            } onFailure: { error in
                logger.critical("the journal failed", metadata: ["reason": "\(error)"])
                ending.end(.failed(error.description))
                inbox.stop()
            }
        } catch {
            throw .thread(error.code)
        }
        segments.open(journal)
        let written: @Sendable (JournalProgress) -> Void = { progress in
            execution.post(.durable(JournalPosition(progress.position)))
            segments.look(at: progress)
        }
        let surroundings = ReplicaLoop<Machine>.Surroundings(
            inbox: inbox,
            transport: transport,
            journal: journal,
            written: configuration.durability == .processCrash ? written : nil,
            lease: leaseKeeper,
            signer: signing,
            miner: miner,
            execution: execution,
            librarian: librarian,
            snapshots: snapshots,
            desk: desk,
            board: board,
            metrics: ReplicaMetrics(of: configuration.replica, in: configuration.metrics),
            logger: logger,
            ended: { ending.end($0) }
        )
        reception.open(
            desk: desk,
            parameters: configuration.genesis.parameters,
            status: { execution.post(.status($0)) }
        )
        let loop = ReplicaLoop(consensus: consensus, verifier: verifier, surroundings: surroundings)
        #if HOTSTUFF_ATTACKS
        loop.tongue = configuration.tongue?()
        #endif
        return Incarnation(recoveredHeight: consensus.committed.height) {
            loop.run()
        } close: {
            verificationPool.stop()
            miner?.stop()
            signing.stop()
            leaseKeeper?.stop()
            journal.stop()
            segments.close()
            try? mark.clear()
            execution.stop()
            librarian.stop()
            snapshots.stop()
            reception.close()
            try? directory.close()
        }
    }
}
