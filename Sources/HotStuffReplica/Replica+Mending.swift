internal import HotStuff
internal import HotStuffStorage
internal import Synchronization

extension Replica {
    /// What a replica does instead of starting, while blocks are damaged without which it cannot.
    ///
    /// - Parameters:
    ///   - blocks: what the recovery found.
    ///   - configuration: everything that the replica was told.
    ///   - directory: its data directory, which is held meanwhile.
    ///   - verifier: checks what others give.
    ///   - pool: the threads of the verifier.
    ///   - surroundings: where wishes go.
    /// - Returns: what runs until all is repaired, and then asks to start again.
    /// - Throws: that the archive cannot be used.
    static func mend(
        _ blocks: NeededBlocks,
        _ configuration: ReplicaConfiguration,
        directory: DataDirectory<RealDisk>,
        verifier: MessageVerifier,
        pool: VerificationPool,
        surroundings: MendingLoop.Surroundings
    ) throws(ReplicaError) -> Incarnation {
        let genesis = configuration.genesis
        // The loop's thread takes it out.
        let handover: Mutex<DamagedArchive<RealDisk>?>
        let mending: Mending
        do {
            let archive = try DamagedArchive(
                needing: blocks,
                on: directory.disk,
                chain: genesis.chain,
                configuration: configuration.archive
            )
            mending = Mending(
                replica: configuration.replica,
                replicaCount: genesis.validators.count,
                intervalMicroseconds: configuration.settings.pacemaker.viewTimeoutMilliseconds * 1_000,
                damaged: archive.heights
            )
            handover = Mutex(archive)
        } catch {
            throw .recovery(.archive(error))
        }
        return Incarnation(recoveredHeight: nil) {
            guard let archive = handover.withLock({ $0.take() }) else { return .ended }
            var loop = MendingLoop(
                archive,
                mending: mending,
                verifier: verifier,
                store: SnapshotStore(on: directory.disk, chain: genesis.chain),
                surroundings: surroundings
            )
            return loop.run()
        } close: {
            pool.stop()
            try? directory.close()
        }
    }
}
