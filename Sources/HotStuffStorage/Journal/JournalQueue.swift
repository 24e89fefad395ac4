/// Records that become durable together.
struct JournalSubmission: Equatable {
    let position: UInt64
    let records: [[UInt8]]
    /// The bytes that they take in a batch, beside its head.
    let byteCount: Int

    init(position: UInt64, records: [[UInt8]]) {
        self.position = position
        self.records = records
        byteCount = JournalBatch.byteCount(of: records) - JournalBatchHead.byteCount
    }
}

/// What waits for the journal's thread: a bounded first-in, first-out queue, and how the thread stands.
struct JournalQueue {
    /// What the thread is to do.
    enum Work: Equatable {
        /// Write these as one batch.
        case write([JournalSubmission])
        /// End.
        case end
    }

    /// Nothing more is admitted; what waits is still written.
    var isStopping = false
    /// The thread has made its last report.
    private(set) var hasEnded = false

    private let path: String
    private let maximumBatchBytes: Int
    private let maximumQueuedBytes: Int
    private var waiting: [JournalSubmission] = []
    private var waitingBytes = 0
    private var lastPosition: UInt64?
    private var failure: JournalError?

    init(path: String, maximumBatchBytes: Int, maximumQueuedBytes: Int) {
        self.path = path
        self.maximumBatchBytes = maximumBatchBytes
        self.maximumQueuedBytes = maximumQueuedBytes
    }

    /// Queues a submission; false, and nothing changed, while there is no room.
    ///
    /// An empty queue has room for any one.
    mutating func admit(_ submission: JournalSubmission) throws(JournalError) -> Bool {
        if let failure { throw failure }
        guard !isStopping else { throw .stopped }
        let batchBytes = JournalBatchHead.byteCount + submission.byteCount
        guard batchBytes <= maximumBatchBytes else {
            throw .batchTooLarge(path: path, bytes: batchBytes, maximum: maximumBatchBytes)
        }
        guard waiting.isEmpty || waitingBytes + submission.byteCount <= maximumQueuedBytes else { return false }
        if let lastPosition {
            precondition(submission.position > lastPosition, "position \(submission.position) follows \(lastPosition)")
        }
        lastPosition = submission.position
        waiting.append(submission)
        waitingBytes += submission.byteCount
        return true
    }

    /// Everything that waits, as far as it fits into one batch; nil while there is nothing to do.
    ///
    /// O(waiting).
    mutating func takeWork() -> Work? {
        guard !waiting.isEmpty else { return isStopping ? .end : nil }
        var count = 0
        var byteCount = 0
        while count < waiting.count,
            JournalBatchHead.byteCount + byteCount + waiting[count].byteCount <= maximumBatchBytes
        {
            byteCount += waiting[count].byteCount
            count += 1
        }
        let batch = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        waitingBytes -= byteCount
        return .write(batch)
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
