/// Records that become durable together.
struct JournalSubmission: Equatable {
    let position: UInt64
    let entries: [JournalEntry]
    /// The label of the segment that they start, if they do.
    let label: [UInt8]?
    /// The bytes that they take in a batch, beside its head and padding.
    let byteCount: Int

    init(position: UInt64, entries: [JournalEntry], label: [UInt8]? = nil) {
        self.position = position
        self.entries = entries
        self.label = label
        byteCount = JournalBatch.contentByteCount(of: entries)
    }
}

/// What waits for the journal's thread: a bounded first-in, first-out queue, and how the thread stands.
struct JournalQueue {
    /// What the thread is to do.
    enum Work: Equatable {
        /// Write these as one batch.
        case write([JournalSubmission])
        /// Start a segment of this label with these.
        case start(JournalSubmission, label: [UInt8])
        /// Remove the segments before this one.
        case prune(before: UInt64)
        /// End.
        case end
    }

    private enum Item {
        case submission(JournalSubmission)
        case prune(before: UInt64)
    }

    /// Nothing more is admitted; what waits is still written.
    var isStopping = false
    /// The thread has made its last report.
    private(set) var hasEnded = false
    /// The thread is at work.
    private var isBusy = false
    /// Somebody writes in place of the thread, which waits for that.
    private var isClaimed = false

    private let path: String
    private let maximumBatchBytes: Int
    private let maximumQueuedBytes: Int
    private var waiting: [Item] = []
    private var waitingBytes = 0
    private var lastPosition: UInt64?
    private var failure: JournalError?

    init(path: String, maximumBatchBytes: Int, maximumQueuedBytes: Int) {
        self.path = path
        self.maximumBatchBytes = maximumBatchBytes
        self.maximumQueuedBytes = maximumQueuedBytes
    }

    /// The bytes of a batch with some content, at most.
    private static func batchBytes(_ contentBytes: Int, hasPrecious: Bool) -> Int {
        JournalBatchHead.byteCount + contentBytes + (hasPrecious ? JournalBatch.maximumPaddingByteCount : 0)
    }

    /// Queues a submission; false, and nothing changed, while there is no room.
    ///
    /// An empty queue has room for any one.
    mutating func admit(_ submission: JournalSubmission) throws(JournalError) -> Bool {
        try check(submission)
        guard waiting.isEmpty || waitingBytes + submission.byteCount <= maximumQueuedBytes else { return false }
        take(submission.position)
        waiting.append(.submission(submission))
        waitingBytes += submission.byteCount
        return true
    }

    /// Has the caller write a submission in place of the thread; false, and nothing changed, if the thread has or does something.
    mutating func claim(_ submission: JournalSubmission) throws(JournalError) -> Bool {
        try check(submission)
        guard waiting.isEmpty, !isBusy, !isClaimed else { return false }
        take(submission.position)
        isClaimed = true
        return true
    }

    /// Ends what `claim` has begun.
    ///
    /// - Returns: whether the thread has something to do.
    mutating func release() -> Bool {
        isClaimed = false
        return !waiting.isEmpty || isStopping
    }

    /// Fails unless a submission could be written.
    private func check(_ submission: JournalSubmission) throws(JournalError) {
        if let failure { throw failure }
        guard !isStopping else { throw .stopped }
        let batchBytes = JournalQueue.batchBytes(submission.byteCount, hasPrecious: submission.hasPrecious)
        guard batchBytes <= maximumBatchBytes else {
            throw .batchTooLarge(path: path, bytes: batchBytes, maximum: maximumBatchBytes)
        }
        if let label = submission.label, label.count > JournalSegment.maximumLabelBytes {
            throw .labelTooLong(bytes: label.count, maximum: JournalSegment.maximumLabelBytes)
        }
    }

    private mutating func take(_ position: UInt64) {
        if let lastPosition { precondition(position > lastPosition, "position \(position) follows \(lastPosition)") }
        lastPosition = position
    }

    /// Queues a removal, behind what was submitted before.
    mutating func admitPruning(before segment: UInt64) throws(JournalError) {
        if let failure { throw failure }
        guard !isStopping else { throw .stopped }
        waiting.append(.prune(before: segment))
    }

    /// The next thing to do: of submissions, as many as fit into one batch; nil while there is nothing.
    ///
    /// What starts a segment is a batch of its own. O(waiting).
    mutating func takeWork() -> Work? {
        isBusy = false
        guard !isClaimed else { return nil }
        guard let first = waiting.first else { return isStopping ? .end : nil }
        isBusy = true
        switch first {
        case .prune(let segment):
            waiting.removeFirst()
            return .prune(before: segment)
        case .submission(let submission):
            guard let label = submission.label else { return .write(takeBatch()) }
            waiting.removeFirst()
            waitingBytes -= submission.byteCount
            return .start(submission, label: label)
        }
    }

    private mutating func takeBatch() -> [JournalSubmission] {
        var batch: [JournalSubmission] = []
        var byteCount = 0
        var hasPrecious = false
        for item in waiting {
            guard case .submission(let next) = item, next.label == nil else { break }
            hasPrecious = hasPrecious || next.hasPrecious
            let bytes = JournalQueue.batchBytes(byteCount + next.byteCount, hasPrecious: hasPrecious)
            guard bytes <= maximumBatchBytes else { break }
            batch.append(next)
            byteCount += next.byteCount
        }
        waiting.removeFirst(batch.count)
        waitingBytes -= byteCount
        return batch
    }

    /// Forgets what waits and answers every later submission with this error.
    mutating func fail(_ error: JournalError) {
        failure = error
        waiting = []
        waitingBytes = 0
    }

    /// Notes that the thread makes no more reports.
    mutating func end() {
        hasEnded = true
    }
}

extension JournalSubmission {
    fileprivate var hasPrecious: Bool { entries.contains(where: \.isPrecious) }
}
