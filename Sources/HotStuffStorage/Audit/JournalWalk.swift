package import HotStuff

/// The records of a journal's segments, in order, without any change to the directory.
///
/// Whoever writes the journal meanwhile does no harm: a batch that is not whole at the end of the last segment is its end. One batch
/// is in memory at a time.
package struct JournalWalk<Storage: Disk> {
    /// A record and its place.
    package struct Record: Sendable {
        /// Where it is.
        package let place: JournalRecordLocation
        /// The record; none if it does not decode.
        package let content: JournalRecord?
        /// Why it does not decode.
        package let problem: DecodingError?
    }

    /// The bytes of all segments that were read.
    package private(set) var offset: UInt64 = 0
    /// The bytes behind the last whole batch of the last segment.
    package private(set) var tornBytes: UInt64 = 0
    /// The number of batches that were read.
    package private(set) var batches: UInt64 = 0
    /// The number of the last batch that was read.
    package private(set) var lastSequence: UInt64 = 0
    /// The end of the last batch that was read, in its segment.
    package private(set) var end: UInt64 = 0

    private let disk: Storage
    private let entries: [JournalListing.Entry]
    private var index = 0
    private var scanner: JournalScanner<Storage.File>?
    private var passedBytes: UInt64 = 0
    /// Whether the segment before was read to its end.
    private var isUnbroken = false

    /// Begins in front of the first record.
    package init(_ listing: JournalListing, on disk: Storage) {
        self.disk = disk
        entries = listing.entries
    }

    /// The path of the segment that is read.
    package var path: String { entries.isEmpty ? "" : entries[min(index, entries.count - 1)].path }

    /// The records of the next batch; nil at the end.
    ///
    /// - Returns: the records.
    /// - Throws: what is damaged or missing, or how the disk failed.
    package mutating func nextBatch() throws(JournalError) -> [Record]? {
        while index < entries.count {
            if scanner == nil { try begin() }
            guard let finding = try scanner?.next() else {
                // It was removed since the listing.
                index += 1
                isUnbroken = false
                continue
            }
            offset = passedBytes + (scanner?.offset ?? 0)
            switch finding {
            case .batch(let batch):
                batches += 1
                lastSequence = (scanner?.sequence ?? 1) - 1
                end = scanner?.offset ?? 0
                return try records(of: batch)
            case .end: try finish(reason: nil)
            case .bad(let reason): try finish(reason: reason)
            }
        }
        return nil
    }

    private mutating func begin() throws(JournalError) {
        let entry = entries[index]
        if let problem = entry.problem { throw problem }
        guard let header = entry.header else { return }
        do {
            guard let file = try disk.openIfThere(JournalSegment.name(of: entry.number)) else { return }
            scanner = try JournalScanner(
                file,
                path: entry.path,
                header: header,
                maximumBatchBytes: JournalWalk.maximumBatchBytes
            )
        } catch {
            throw .disk(error)
        }
        if isUnbroken, header.firstSequence != lastSequence + 1 {
            throw .misplaced(
                path: entry.path,
                reason: "it begins with batch \(header.firstSequence), the one before ends with batch \(lastSequence)"
            )
        }
    }

    /// Leaves a segment: only the last one may end within a batch, and only if nothing whole follows there.
    private mutating func finish(reason: String?) throws(JournalError) {
        guard var scanner else { return }
        if let reason {
            if index + 1 < entries.count {
                let reason = "\(reason), but \(entries[index + 1].path) follows"
                throw .damaged(path: scanner.path, offset: scanner.offset, reason: reason)
            }
            if let later = try scanner.laterBatch() {
                let reason = "\(reason), but another one follows at byte \(later)"
                throw .damaged(path: scanner.path, offset: scanner.offset, reason: reason)
            }
            tornBytes = scanner.remaining
        }
        passedBytes += scanner.offset + scanner.remaining
        offset = passedBytes
        lastSequence = scanner.sequence - 1
        isUnbroken = true
        self.scanner = nil
        index += 1
    }

    private mutating func records(of batch: JournalBatch) throws(JournalError) -> [Record] {
        var records: [Record] = []
        for place in batch.records {
            guard let payload = try scanner?.payload(of: place) else { continue }
            do throws(DecodingError) {
                records.append(Record(place: place, content: try JournalRecord(decoding: payload), problem: nil))
            } catch {
                records.append(Record(place: place, content: nil, problem: error))
            }
        }
        return records
    }

    /// The largest batch that any configuration allows.
    private static var maximumBatchBytes: Int { 1 << 30 }
}
