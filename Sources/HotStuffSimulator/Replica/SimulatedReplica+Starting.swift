package import HotStuff
package import HotStuffStorage

// How a replica comes up.
extension SimulatedReplica {
    /// Starts, for the first time or again, with what the disk holds.
    ///
    /// If blocks have to be repaired before, it asks the others for them, and stops by itself when it can start.
    ///
    /// - Throws: why the journal is refused; the replica stays down.
    package func start(now: Instant, wall: Timestamp, random: RandomSource) throws(RecoveryFailure) {
        precondition(!isUp, "replica \(id) is started twice")
        do {
            try recover(now: now, wall: wall, random: random)
        } catch {
            guard case .damaged(let blocks) = error else { throw error }
            try beginMending(blocks, now: now, wall: wall)
        }
    }

    private func recover(now: Instant, wall: Timestamp, random: RandomSource) throws(RecoveryFailure) {
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
                segmentBytes: segmentBytes,
                preallocates: false
            ),
            archive: archive,
            committee: world.committee,
            machine: ObservedStore(errsAt: errsAt),
            parameters: world.parameters,
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
        wakeTime = nil
        core.start(now: now, wall: wall, into: &effects)
        settle(after: nil)
    }
}
