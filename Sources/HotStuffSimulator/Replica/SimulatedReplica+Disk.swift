internal import HotStuff
internal import HotStuffStorage

// What becomes of records.
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
        if !hasRecords { journal?.noteDurable() }
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

    private func fail(_ error: JournalError) {
        if case .disk(let fault) = error { return stop(.diskFailed(fault)) }
        inspector?.report(Violation(.halt, "replica \(id) cannot write although its disk can: \(error)"))
    }
}
