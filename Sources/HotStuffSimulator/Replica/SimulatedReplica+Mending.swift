internal import HotStuff
internal import HotStuffStorage

// What a replica does before it can start, while blocks of its archive are damaged that it needs for that.
extension SimulatedReplica {
    /// Runs without its core, journal and application, and asks the others for blocks.
    func beginMending(_ blocks: NeededBlocks, now: Instant, wall: Timestamp) throws(RecoveryFailure) {
        let archive: DamagedArchive<SimulatedDisk>
        do {
            archive = try DamagedArchive(
                needing: blocks,
                on: disk,
                chain: world.committee.chain,
                configuration: self.archive
            )
        } catch {
            throw .archive(error)
        }
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        snapshots = SnapshotShelf(store, archive: archive.reader)
        receiver = SnapshotReceiver(in: store)
        mending = Mending(
            replica: id,
            replicaCount: world.count,
            intervalMicroseconds: settings.pacemaker.viewTimeoutMilliseconds * 1_000,
            damaged: archive.heights
        )
        damagedArchive = .some(archive)
        isUp = true
        incarnation += 1
        (self.now, self.wall) = (now, wall)
        mend(.clock(now: now, wall: wall))
    }

    /// Tells what has happened, and carries out what follows.
    func mend(_ event: Event) {
        var events = [event]
        while !events.isEmpty, isMending {
            var effects: [Effect] = []
            mending?.handle(events.removeFirst(), into: &effects)
            for effect in effects {
                surroundings.notice(effect, at: self)
                if let event = carryOutMending(effect) { events.append(event) }
                guard isMending else { return }
            }
        }
        if damagedArchive?.heights.isEmpty == true { stop(.mended) }
    }

    /// Carries out a wish, and says what came of it, if anything is to be said.
    private func carryOutMending(_ effect: Effect) -> Event? {
        switch effect {
        case .say(let courtesy, let recipients):
            surroundings.send(courtesy.message, isStatement: false, to: recipients, from: self)
        case .serveRange(let request, let peer):
            guard let reader = damagedArchive?.reader else { return nil }
            let range = (try? BlockShelf(reader).answer(request)) ?? BlockRange(nothingAbove: request.above)
            surroundings.send(.blockRange(range), isStatement: false, to: .replica(peer), from: self)
        case .serveSnapshot(let request, let peer):
            guard let answer = try? snapshots?.answer(request) else { return nil }
            surroundings.send(.snapshotAnswer(answer), isStatement: false, to: .replica(peer), from: self)
        case .repair(let block, let certificate): return mend(with: block, by: certificate)
        case .beginSnapshot(let plan): post(.begin(plan))
        case .keepChunk(let chunk): post(.keep(chunk))
        case .adoptSnapshot(let name): post(.adopt(name))
        case .wake(let moment): surroundings.wake(self, at: moment)
        case .append, .startSegment, .sign, .send, .serve, .commit, .refuse, .answer, .enter, .gaveUp, .mine,
            .ignoredProof, .report, .amnesia, .halt:
            inspector?.report(Violation(.recovery, "replica \(id), which has not started, wishes for more than blocks"))
        }
        return nil
    }

    private func mend(with block: Block, by certificate: QuorumCertificate?) -> Event? {
        do {
            try damagedArchive?.repair(block, by: certificate)
            return nil
        } catch {
            if case .disk(let fault) = error {
                stop(.diskFailed(fault))
                return nil
            }
            inspector?.report(Violation(.recovery, "replica \(id) cannot repair block \(block.height): \(error)"))
            return .damaged(block.height)
        }
    }
}
