internal import HotStuff
internal import HotStuffStorage

/// The records between a core and its disk: those that wait, the batch that is on its way, and how far the journal reached.
struct WriteQueue {
    /// Records that the disk gets at once.
    struct Batch {
        var records: [JournalEntry] = []
        var entries: [BlockIndex.Entry] = []
        /// The highest view of which they hold something signed.
        var signedView = View.genesis
        /// The position of the last of them.
        var position = JournalPosition.start
    }

    private var waiting = Batch()
    /// The batch that is on its way to the disk.
    private(set) var written: Batch?
    /// How far the journal is durable.
    private(set) var durable = JournalPosition.start
    /// How far the journal reached before its last batch that is known to be whole.
    private(set) var sealed = JournalPosition.start
    /// How far the journal reached when the replica started last.
    private(set) var found = JournalPosition.start

    /// Whether records wait for the disk.
    var isEmpty: Bool { waiting.records.isEmpty }

    /// Begins where a journal ends.
    mutating func begin(at position: JournalPosition) {
        self = WriteQueue()
        (durable, found) = (position, position)
    }

    /// Adds a record that is to be written.
    mutating func append(_ record: JournalRecord, at position: JournalPosition) {
        waiting.records.append(JournalEntry(record))
        waiting.entries.append(BlockIndex.Entry(record))
        waiting.position = position
        if case .safety(let record) = record { waiting.signedView = max(waiting.signedView, record.highestSignedView) }
    }

    /// Hands all that waits to the disk, if it is free.
    mutating func startWriting() {
        guard written == nil, !waiting.records.isEmpty else { return }
        written = waiting
        waiting = Batch()
    }

    /// Takes the batch that the disk has done or failed to do.
    mutating func takeWritten() -> Batch? {
        defer { written = nil }
        return written
    }

    /// Takes note that the journal is durable through a batch.
    mutating func isDurable(_ batch: Batch) {
        sealed = durable
        durable = batch.position
    }

    /// Forgets what has not been written; where the journal reached stays known.
    mutating func drop() {
        waiting = Batch()
        written = nil
    }
}
