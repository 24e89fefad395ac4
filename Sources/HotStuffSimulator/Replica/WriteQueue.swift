internal import HotStuff
internal import HotStuffStorage

/// The records between a core and its disk: those that wait, the batch that is on its way, and how far the journal reached.
struct WriteQueue {
    /// Records that the disk gets at once.
    struct Batch {
        var records: [JournalEntry] = []
        /// The label of the segment that they begin, if they do.
        var label: [UInt8]?
        /// The highest view of which they hold something signed.
        var signedView = View.genesis
        /// The position of the last of them.
        var position = JournalPosition.start

        mutating func append(_ record: JournalRecord, at position: JournalPosition) {
            records.append(JournalEntry(record))
            self.position = position
            if case .safety(let record) = record { signedView = max(signedView, record.highestSignedView) }
        }
    }

    private var waiting = Batch()
    /// What begins the next segment, behind what waits.
    private var next: Batch?
    /// The batch that is on its way to the disk.
    private(set) var written: Batch?
    /// How far the journal is durable.
    private(set) var durable = JournalPosition.start
    /// How far the journal reached before its last batch that is known to be whole.
    private(set) var sealed = JournalPosition.start
    private var hasRolled = false
    /// How far the journal reached when the replica started last.
    private(set) var found = JournalPosition.start

    /// Whether records wait for the disk.
    var isEmpty: Bool { waiting.records.isEmpty && next == nil }

    /// Begins where a journal ends.
    mutating func begin(at position: JournalPosition) {
        self = WriteQueue()
        (durable, found) = (position, position)
    }

    /// Adds a record that is to be written.
    mutating func append(_ record: JournalRecord, at position: JournalPosition) {
        if next != nil { next?.append(record, at: position) } else { waiting.append(record, at: position) }
    }

    /// What is appended from now on begins a segment.
    mutating func startSegment(at committed: Height) {
        guard next == nil else { return }
        next = Batch()
        next?.label = SegmentLabel.encode(committed)
    }

    /// Hands all that waits to the disk, if it is free.
    mutating func startWriting() {
        guard written == nil else { return }
        if !waiting.records.isEmpty {
            written = waiting
            waiting = Batch()
        } else {
            written = next
            next = nil
        }
    }

    /// Takes the batch that the disk has done or failed to do.
    mutating func takeWritten() -> Batch? {
        defer { written = nil }
        return written
    }

    /// Takes note that the journal is durable through a batch.
    mutating func isDurable(_ batch: Batch) {
        // Behind the beginning of a segment positions of one start are not those of the next.
        if batch.label != nil { hasRolled = true }
        sealed = hasRolled ? .start : durable
        durable = batch.position
    }

    /// Forgets what has not been written; where the journal reached stays known.
    mutating func drop() {
        waiting = Batch()
        next = nil
        written = nil
    }
}
