internal import HotStuff
internal import HotStuffStorage

// What becomes of records and final blocks.
extension SimulatedReplica {
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
            try write(batch)
        } catch {
            fail(error)
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
        guard isUp else { return }
        if batch.label != nil { release() }
        guard isUp else { return }
        wantSegment()
        if isUp, hasRecords { surroundings.diskIsWanted(by: self) }
    }

    /// Writes a batch that is caught in the middle by what comes next.
    func writeInterrupted() {
        if let batch = writes.written { try? write(batch) }
    }

    private func write(_ batch: WriteQueue.Batch) throws(JournalError) {
        if let label = batch.label {
            _ = try journal?.startSegment(batch.records, label: label)
        } else {
            _ = try journal?.append(batch.records)
        }
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

    /// Asks for another segment, once, when the current one is full.
    private func wantSegment() {
        guard journal?.wantsSegment == true, let number = journal?.segments.last?.number, number > askedSegment else {
            return
        }
        askedSegment = number
        handle(.segmentIsFull(room: SimulatedReplica.segmentRoom))
    }

    /// Removes the segments whose blocks are durable in the archive.
    private func release() {
        do {
            if !mutant("prune-before-archive") { try keeper?.sync() }
        } catch {
            fail(error)
            return
        }
        let segments = journal?.segments ?? []
        let durable = mutant("prune-before-archive") ? Height(.max) : keeper?.durableHeight ?? .genesis
        guard let number = SegmentLabel.firstNeeded(of: segments, durable: durable) else { return }
        do {
            try journal?.remove(before: number)
        } catch {
            fail(error)
        }
    }

    /// Writes a snapshot if one is due, and before it the blocks on which it rests.
    func takeSnapshot(behind header: BlockHeader) {
        guard isUp, let writer = SnapshotWriter(of: executor.execution, behind: header) else { return }
        do {
            try keeper?.sync()
        } catch {
            fail(error)
            return
        }
        do {
            let written = try writer.write(to: SnapshotStore(on: disk, chain: world.committee.chain))
            pendingPrune = written.reserve.map { (written.manifest.height, $0) }
            prune()
        } catch {
            // A replica goes on without a snapshot; if the disk does not work, the journal will find out.
            if case .disk = error { return }
            inspector?.report(Violation(.recovery, "replica \(id) cannot take a snapshot: \(error)"))
        }
    }

    /// Lets blocks go only when others believe in the newest snapshot.
    func prune() {
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        guard let (newest, reserve) = pendingPrune, let certificate = try? store.certificate(of: newest),
            certificate.point.height == newest
        else { return }
        pendingPrune = nil
        _ = try? keeper?.prune(snapshotHeight: reserve)
    }

    /// Keeps a final block.
    ///
    /// - Returns: whether that was possible.
    func keep(_ block: Block, by certificate: QuorumCertificate) -> Bool {
        do {
            try keeper?.keep([block], by: certificate)
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Answers a request for blocks out of the archive.
    func serve(_ peer: ReplicaID, _ answer: (BlockShelf<SimulatedDisk>) throws(ArchiveError) -> Message) {
        guard let shelf = keeper?.shelf else { return }
        do {
            surroundings.send(try answer(shelf), isStatement: false, to: .replica(peer), from: self)
        } catch {
            switch error {
            case .disk: return
            case .damaged(let height): discoveries.append(.damaged(height))
            default: inspector?.report(Violation(.recovery, "replica \(id) cannot read its own blocks: \(error)"))
            }
        }
    }

    /// Damages a block in the archive below the snapshot from which it started: it may be asked for, and is not needed here.
    ///
    /// - Parameters:
    ///   - random: decides which.
    ///   - lagging: the last height of a replica that may ask for what is above.
    ///   - count: how many replicas there are: every block rots with one of them only, so that the others have it.
    /// - Returns: the height of the block; nothing if there is none.
    func rot(using random: inout RandomSource, above lagging: Height, among count: Int) -> Height? {
        guard let most = snapshotHeight?.rawValue, let reader = keeper?.reader else { return nil }
        let first = reader.firstHeight.rawValue
        let least = lagging.rawValue + 1 < most ? max(first, lagging.rawValue + 1) : first
        guard least < most else { return nil }
        let height = Height(least + random.number(below: most - least))
        guard height.rawValue % UInt64(count) == UInt64(index % count) else { return nil }
        guard let place = try? reader.bytes(of: height), !place.range.isEmpty else { return nil }
        disk.flip(
            bit: random.below(8),
            at: Int(place.range.lowerBound) + random.below(place.range.count),
            of: place.file
        )
        return height
    }

    /// Puts a block that another gave in the place of the damaged one.
    func repair(_ block: Block, by certificate: QuorumCertificate?) {
        do {
            try keeper?.repair(block, by: certificate)
        } catch {
            if case .disk = error { return fail(error) }
            inspector?.report(Violation(.recovery, "replica \(id) cannot repair block \(block.height): \(error)"))
        }
    }

    private func fail(_ error: JournalError) {
        if case .disk(let fault) = error { return stop(.diskFailed(fault)) }
        inspector?.report(Violation(.halt, "replica \(id) cannot write although its disk can: \(error)"))
    }

    private func fail(_ error: ArchiveError) {
        if case .disk(let fault) = error { return stop(.diskFailed(fault)) }
        inspector?.report(Violation(.halt, "replica \(id) cannot keep a final block: \(error)"))
    }
}
