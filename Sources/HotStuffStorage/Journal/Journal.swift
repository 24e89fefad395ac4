internal import HotStuff

/// The append-only file of everything that a replica must not forget.
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

    private let file: Storage.File
    private let seal: JournalSeal
    private var end: UInt64
    private var sequence: UInt64
    private var failure: JournalError?

    /// Takes over a file that has been opened and checked, with the place and sequence number of the next batch.
    init(
        _ file: Storage.File,
        reader: JournalReader<Storage>,
        seal: JournalSeal,
        configuration: JournalConfiguration,
        opening: JournalOpening,
        end: UInt64
    ) {
        self.file = file
        self.reader = reader
        self.seal = seal
        self.configuration = configuration
        self.opening = opening
        self.end = end
        sequence = opening.batches + 1
    }

    /// The length of the file up to the end of the last batch, in bytes.
    public var byteCount: UInt64 { end }

    /// The failure after which nothing is appended any more.
    public var poison: JournalError? { failure }

    /// Appends records as one batch, with one write and, when asked to survive a loss of power, one sync.
    ///
    /// No records, no batch. A batch that is too large is refused and nothing is written; after any other error every later call
    /// fails with the same error. O(bytes).
    ///
    /// - Returns: where each record is, in order.
    public mutating func append(_ records: [[UInt8]]) throws(JournalError) -> [JournalRecordLocation] {
        if let failure { throw failure }
        guard !records.isEmpty else { return [] }
        let byteCount = JournalBatch.byteCount(of: records)
        guard byteCount <= configuration.maximumBatchBytes else {
            throw .batchTooLarge(path: reader.path, bytes: byteCount, maximum: configuration.maximumBatchBytes)
        }
        let (bytes, batch) = JournalBatch.encode(records, sequence: sequence, offset: end, seal)
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
        end += UInt64(byteCount)
        sequence += 1
        return batch.records
    }

    /// Reads a record back; as `JournalReader.read`.
    public func read(_ location: JournalRecordLocation) throws(JournalError) -> [UInt8] {
        try reader.read(location)
    }
}
