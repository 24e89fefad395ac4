internal import HotStuff

extension Journal {
    /// Seals the current segment and starts the next one with some records as its first batch.
    ///
    /// When this returns, the new segment and all before it survive a loss of power, whatever the durability of single batches
    /// is. A crash in the middle leaves the new segment whole or not at all. O(bytes).
    ///
    /// - Parameters:
    ///   - entries: what a later opening can begin with; they may be none.
    ///   - label: what the segment is to be known by without reading it, at most `JournalSegment.maximumLabelBytes`.
    /// - Returns: where each record is, in order.
    /// - Throws: that the label or the batch is too large; or what failed, and then every later call fails with the same error.
    public mutating func startSegment(
        _ entries: [JournalEntry],
        label: [UInt8]
    ) throws(JournalError) -> [JournalRecordLocation] {
        if let failure { throw failure }
        guard label.count <= JournalSegment.maximumLabelBytes else {
            throw .labelTooLong(bytes: label.count, maximum: JournalSegment.maximumLabelBytes)
        }
        var next = header
        next.number += 1
        next.firstSequence = sequence
        next.label = label
        try checkSize(of: entries, in: next.number)
        let offset = UInt64(next.byteCount)
        let (bytes, batch) = JournalBatch.encode(entries, sequence: sequence, offset: offset, next.seal)
        let old = segments
        do {
            if !mutant("no-fsync") { try file.syncData() }
            file = try JournalSegmentFile.create(next, bytes, on: reader.handles.disk, configuration)
            if !mutant("segment-without-sync") { try reader.handles.disk.syncDirectory() }
        } catch {
            failure = .disk(error)
            throw .disk(error)
        }
        reader.handles.adopt(file, as: next.number)
        sealed = old
        header = next
        end = offset + UInt64(bytes.count)
        base = end
        behind = WriteBehind(from: end)
        sequence += 1
        return batch.records
    }

    /// Removes the segments before one, but never the current one.
    ///
    /// The oldest goes first, and each removal is durable before the next one begins, so that a crash leaves segments
    /// without a gap. Records in them can no longer be read. If it fails, every later call fails with the same error.
    public mutating func remove(before number: UInt64) throws(JournalError) {
        if let failure { throw failure }
        let disk = reader.handles.disk
        while let oldest = sealed.first, oldest.number < number {
            reader.handles.forget(before: oldest.number + 1)
            do {
                try disk.remove(JournalSegment.name(of: oldest.number))
                try disk.syncDirectory()
            } catch {
                failure = .disk(error)
                throw .disk(error)
            }
            sealed.removeFirst()
        }
    }
}
