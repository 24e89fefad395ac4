internal import HotStuff

/// The append-only store of everything that a replica must not forget, in segments of which the oldest can be removed.
///
/// Records are appended in batches; a batch is there as a whole or not at all. When `append` returns, the batch survives what the
/// configuration's `Durability` names. After the first failure of an append nothing is appended any more: nobody knows what
/// a failed write or sync has left on disk, so a replica that could not keep its word has to stop.
public struct Journal<Storage: Disk>: ~Copyable, Sendable {
    /// What opening found.
    public let opening: JournalOpening
    /// A handle that reads records, from any thread, also while this journal is written.
    public let reader: JournalReader<Storage>
    /// How this journal was opened.
    public let configuration: JournalConfiguration

    /// The segments before the current one, in order.
    var sealed: [JournalSegment]
    /// The header of the current segment.
    var header: JournalHeader
    /// The file of the current segment.
    var file: Storage.File
    /// The end of the first batch in the current segment, if this journal began it: a checkpoint may be longer than a segment.
    var base: UInt64 = 0
    /// The end of the last batch in the current segment.
    var end: UInt64
    /// The sequence number of the next batch.
    var sequence: UInt64
    var failure: JournalError?
    /// Brings batches that are not synced to the medium before the sync that seals the segment.
    var behind: WriteBehind
    /// The note of how far all was durable, its file, and what it says.
    var noteFile: Storage.File?
    var noted: DurableMark?

    /// Takes over segments that have been opened and checked, with the place and sequence number of the next batch.
    init(
        _ file: Storage.File,
        header: JournalHeader,
        behind sealed: [JournalSegment],
        reader: JournalReader<Storage>,
        configuration: JournalConfiguration,
        opening: JournalOpening,
        end: UInt64,
        sequence: UInt64
    ) {
        self.file = file
        self.header = header
        self.sealed = sealed
        self.reader = reader
        self.configuration = configuration
        self.opening = opening
        self.end = end
        self.sequence = sequence
        behind = WriteBehind(from: end)
    }

    /// The segments, in order; the last one is the current one, to which batches are appended.
    public var segments: [JournalSegment] {
        sealed + [JournalSegment(number: header.number, label: header.label, byteCount: end)]
    }

    /// The length of the current segment up to the end of its last batch, in bytes.
    public var byteCount: UInt64 { end }

    /// Whether the current segment is as long as a segment should be, and twice as long as what it began with.
    public var wantsSegment: Bool { end >= max(UInt64(configuration.segmentBytes), 2 * base) }

    /// The failure after which nothing is appended any more.
    public var poison: JournalError? { failure }

    /// Appends records as one batch, with one write and, when asked to survive a loss of power, one sync.
    ///
    /// No records, no batch. A batch that is too large is refused and nothing is written; after any other error every later call
    /// fails with the same error. O(bytes).
    ///
    /// - Returns: where each record is, in order.
    public mutating func append(_ entries: [JournalEntry]) throws(JournalError) -> [JournalRecordLocation] {
        if let failure { throw failure }
        guard !entries.isEmpty else { return [] }
        try checkSize(of: entries, in: header.number)
        let (bytes, batch) = JournalBatch.encode(entries, sequence: sequence, offset: end, header.seal)
        do {
            try file.write(bytes.span.bytes, at: end)
            switch configuration.durability {
            case .powerLoss: if !mutant("no-fsync") { try file.syncData() }
            case .processCrash: break
            }
        } catch {
            if !mutant("ignore-disk-failure") {
                failure = .disk(error)
                throw .disk(error)
            }
        }
        end += UInt64(bytes.count)
        sequence += 1
        if configuration.durability == .processCrash { behind.advance(to: end, of: file) }
        return batch.records
    }

    /// Reads a record back; as `JournalReader.read`.
    public func read(_ location: JournalRecordLocation) throws(JournalError) -> [UInt8] {
        try reader.read(location)
    }

    /// Refuses entries that take more bytes than a batch may have.
    func checkSize(of entries: [JournalEntry], in segment: UInt64) throws(JournalError) {
        let byteCount = JournalBatch.byteCount(of: entries)
        guard byteCount <= configuration.maximumBatchBytes else {
            throw .batchTooLarge(
                path: reader.path(of: segment),
                bytes: byteCount,
                maximum: configuration.maximumBatchBytes
            )
        }
    }
}
