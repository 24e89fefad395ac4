/// A thread that writes a journal, so that nobody else waits for the disk.
///
/// Whatever is submitted while a batch is being written becomes the next batch: under load many submissions share one sync.
/// A submission is never divided. Submissions become durable in order, and are reported in order.
public final class JournalWriter<Storage: Disk>: Sendable {
    /// Reads records, from any thread.
    public let reader: JournalReader<Storage>

    private let queue: Monitor<JournalQueue>
    private let loop: JournalWriterLoop<Storage>
    private let thread: SystemThread

    /// Takes over a journal and starts the thread.
    ///
    /// - Parameters:
    ///   - journal: the journal, which from now on only this writer appends to.
    ///   - maximumQueuedBytes: how many bytes may wait besides the batch that is being written; `submit` waits for room.
    ///   - onDurable: takes each report, on the writer's thread, in order.
    ///   - onFailure: takes the first failure, on the thread that wrote, at most once; nothing becomes durable after it.
    /// - Throws: that the system gives no thread.
    public init(
        _ journal: consuming Journal<Storage>,
        maximumQueuedBytes: Int = 16 << 20,
        onDurable: @escaping @Sendable (JournalProgress) -> Void,
        onFailure: @escaping @Sendable (JournalError) -> Void
    ) throws(JournalWriterStartError) {
        reader = journal.reader
        let queue = Monitor(
            JournalQueue(
                path: journal.reader.path,
                maximumBatchBytes: journal.configuration.maximumBatchBytes,
                maximumQueuedBytes: maximumQueuedBytes
            )
        )
        let loop = JournalWriterLoop(journal, queue: queue, onDurable: onDurable, onFailure: onFailure)
        self.queue = queue
        self.loop = loop
        do {
            thread = try SystemThread(named: "hs-journal") { loop.run() }
        } catch {
            throw JournalWriterStartError(code: error.code)
        }
    }

    deinit {
        queue.change { $0.isStopping = true }
        // The last reference may go in a callback, on the thread itself.
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }

    /// Queues records, which become durable together or not at all.
    ///
    /// Waits while the queue is full, so it must not be called in a callback of this writer.
    ///
    /// - Parameters:
    ///   - entries: the records; none to be told when all before is durable.
    ///   - position: the caller's name for this point; it grows with every submission.
    ///   - label: if given, the records are the first batch of a new segment with this label.
    /// - Throws: the first failure of the journal, `batchTooLarge`, `labelTooLong`, or `stopped`; then nothing was queued.
    public func submit(
        _ entries: [JournalEntry],
        position: UInt64,
        startingSegment label: [UInt8]? = nil
    ) throws(JournalError) {
        precondition(!thread.isCurrent, "a callback of the journal writer may not wait for it")
        let submission = JournalSubmission(position: position, entries: entries, label: label)
        _ = try queue.wait { queue throws(JournalError) in try queue.admit(submission) ? true : nil }
    }

    /// Writes records at once, on the caller's thread, if the writer's own has nothing to do; else queues them as `submit` does.
    ///
    /// For journals that are not synced: there a write takes less time than to wake another thread twice.
    ///
    /// - Parameters:
    ///   - entries: the records.
    ///   - position: the caller's name for this point; it grows with every submission.
    /// - Returns: what was written and is durable, which is reported to nobody else; nothing if it was queued.
    /// - Throws: the first failure of the journal, which may be of this very write, `batchTooLarge`, or `stopped`; then nothing was queued.
    public func write(_ entries: [JournalEntry], position: UInt64) throws(JournalError) -> JournalProgress? {
        precondition(!thread.isCurrent, "a callback of the journal writer may not wait for it")
        let submission = JournalSubmission(position: position, entries: entries)
        guard try queue.changeQuietly({ queue throws(JournalError) in try queue.claim(submission) }) else {
            try submit(entries, position: position)
            return nil
        }
        defer { if queue.changeQuietly({ $0.release() }) { queue.wake() } }
        return try loop.writeHere(submission)
    }

    /// Queues records that are kept once; as `submit(_:position:startingSegment:)` of entries.
    public func submit(_ records: [[UInt8]], position: UInt64) throws(JournalError) {
        try submit(records.map { JournalEntry($0) }, position: position)
    }

    /// Has the segments before one removed, when all is written that was submitted before; never the current one.
    ///
    /// It does not wait, and may be called in a callback. A failure is reported like that of a write.
    ///
    /// - Throws: the first failure of the journal, or `stopped`.
    public func prune(before segment: UInt64) throws(JournalError) {
        try queue.change { queue throws(JournalError) in try queue.admitPruning(before: segment) }
    }

    /// Takes no more, writes what is queued, reports it, and returns when the thread is done.
    public func stop() {
        precondition(!thread.isCurrent, "a callback of the journal writer may not wait for it")
        queue.change { $0.isStopping = true }
        _ = queue.wait { $0.hasEnded ? true : nil }
    }
}

/// Why a journal writer has no thread.
public struct JournalWriterStartError: Error, Equatable, CustomStringConvertible {
    /// The number of the C library's error, such as `EAGAIN` when there are too many threads.
    public var code: Int32

    /// One line for people.
    public var description: String { "cannot start the thread of the journal (error \(code))" }
}
