internal import HotStuff

extension Journal {
    /// Opens the journal of a disk, or makes an empty one if there is none, and replays what it holds.
    ///
    /// The records go to `replay` in order, batch by batch, in memory of one batch; what was replayed before an error is thrown
    /// must be forgotten. A torn end is cut off: the last batch of the last segment, when it is not whole and nothing of this
    /// journal follows. If a note says that this batch was durable (`DurableMark`), it is no torn end but rot: then its precious
    /// records that are intact are replayed, without the others, and appended again as a batch in its place, which is there until
    /// that batch is durable; if it has none, it is refused.
    /// When this returns under `Durability.powerLoss`, all that was replayed is durable, whatever the writer before died of.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - identity: whose journal it must be.
    ///   - configuration: the durability and the limits.
    ///   - salt: the salt of the journal if it has to be made.
    ///   - startingAt: takes the labels of all segments in order, and gives the index of the one to begin with; of those
    ///     before it only the headers are checked. By default the first one.
    ///   - replay: takes a record's place and payload, or rejects it, which ends the opening.
    /// - Returns: the journal, ready to append behind its last batch.
    /// - Throws: what is wrong with which file; nothing has been changed then, unless it is the disk itself that failed.
    public static func open(
        on disk: Storage,
        identity: JournalIdentity,
        configuration: JournalConfiguration,
        salt: @autoclosure () -> JournalSalt = .random(),
        startingAt: ([[UInt8]]) -> Int = { _ in 0 },
        replay: (JournalRecordLocation, [UInt8]) throws(JournalRecordRejection) -> Void
    ) throws(JournalError) -> Journal {
        var found = try JournalChain(on: disk, identity: identity)
        let isNew = found == nil
        if isNew {
            let header = JournalHeader(identity: identity, salt: salt(), number: 1, firstSequence: 1, label: [])
            do {
                _ = try JournalSegmentFile.create(header, [], on: disk, configuration)
                if !mutant("no-directory-sync") { try disk.syncDirectory() }
            } catch {
                throw .disk(error)
            }
            found = try JournalChain(on: disk, identity: identity)
        }
        guard let links = found?.links, let last = links.last else {
            throw .missing(path: disk.path(of: JournalSegment.name(of: 1)))
        }
        let first = startingAt(links.map(\.header.label))
        precondition(links.indices.contains(first), "segment \(first) of \(links.count) cannot be the first")

        let reader = JournalReader(
            JournalHandles(disk),
            salt: last.header.salt,
            maximumBatchBytes: configuration.maximumBatchBytes
        )
        reader.handles.forget(before: links[0].header.number)
        var reading = JournalReplay(reader.handles, configuration)
        for index in first..<links.count - 1 {
            try reading.readSealed(links[index], before: links[index + 1], replay)
        }
        let end = try reading.readLast(last, replay)
        switch configuration.durability {
        case .powerLoss:
            if !mutant("trust-unsynced-tail") { try settle(end, behind: links.dropLast(), through: reader.handles) }
        case .processCrash: break
        }
        do {
            try JournalSegmentFile.removeUnfinished(on: disk)
        } catch {
            throw .disk(error)
        }
        reading.opening.isNew = isNew
        var journal = Journal(
            end.file,
            header: last.header,
            behind: links.dropLast().map(\.segment),
            reader: reader,
            configuration: configuration,
            opening: reading.opening,
            end: end.offset,
            sequence: end.sequence
        )
        if !mutant("trust-unsynced-tail") { journal.noteDurable() }
        return journal
    }

    /// Makes durable what was read, because its writer may have died before its own sync, or of it.
    ///
    /// The last batch is written again, the same bytes to the same place: after a failed sync the system may hold it in memory and
    /// believe it clean, so that a sync alone would write nothing. Batches before the last one had their sync before the next
    /// one was written, or were written by one who asked for none. The name may also be younger than the last sync of the
    /// directory.
    private static func settle(
        _ end: JournalReplay<Storage>.End,
        behind sealed: ArraySlice<JournalChain.Link>,
        through handles: JournalHandles<Storage>
    ) throws(JournalError) {
        for link in sealed {
            let file = try handles.file(of: link.header.number)
            do {
                try file.syncData()
            } catch {
                throw .disk(error)
            }
        }
        do {
            if !end.lastBatch.isEmpty { try end.file.write(end.lastBatch.span.bytes, at: end.lastOffset) }
            try end.file.syncData()
            if !mutant("no-directory-sync") { try handles.disk.syncDirectory() }
        } catch {
            throw .disk(error)
        }
    }
}
