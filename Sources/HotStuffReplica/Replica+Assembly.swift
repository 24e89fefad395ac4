internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging
internal import PostQuantum

extension Replica {
    /// Builds a replica from what its data directory holds: its threads run, and its loop is ready to.
    ///
    /// - Returns: the loop, and how everything is closed after it.
    /// - Throws: why it cannot start; nothing of it runs then.
    static func assemble<Machine: StateMachine>(
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
        let signing: Signing
        if configuration.durability == .processCrash, signer.takesOnlyProcessor {
            signing = .here(signer)
        } else {
            signing = .beside(
                try Signing.worker(signer) { number, signature in
                    inbox.report(.signed(number, signature))
                } onFailure: { error in
                    logger.critical("the signer failed", metadata: ["reason": "\(error)"])
                    ending.end(.signerFailed("\(error)"))
                    inbox.stop()
                }
            )
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
                execution.journalIsDurable(through: position)
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
            execution.journalIsDurable(through: JournalPosition(progress.position))
            segments.look(at: progress)
        }
        let surroundings = ReplicaLoop<Machine>.Surroundings(
            inbox: inbox,
            transport: transport,
            journal: journal,
            written: configuration.durability == .processCrash ? written : nil,
            lease: leaseKeeper,
            signing: signing,
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
            status: { execution.post([.status($0)]) }
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
