internal import Synchronization

/// What the journal's thread does: take all that waits, write it, report it.
///
/// It does not know the writer, so that dropping the writer can stop it.
final class JournalWriterLoop<Storage: Disk>: Sendable {
    private let queue: Monitor<JournalQueue>
    /// Only the thread locks it, and so never waits.
    private let journal: Mutex<Journal<Storage>>
    private let onDurable: @Sendable (JournalProgress) -> Void
    private let onFailure: @Sendable (JournalError) -> Void

    init(
        _ journal: consuming Journal<Storage>,
        queue: Monitor<JournalQueue>,
        onDurable: @escaping @Sendable (JournalProgress) -> Void,
        onFailure: @escaping @Sendable (JournalError) -> Void
    ) {
        self.queue = queue
        self.journal = Mutex(journal)
        self.onDurable = onDurable
        self.onFailure = onFailure
    }

    /// Works until it is told to stop and nothing waits, or until the journal fails.
    func run() {
        defer { queue.change { $0.end() } }
        while case .write(let submissions) = queue.wait(for: { $0.takeWork() }) {
            let locations: [JournalRecordLocation]
            do {
                locations = try append(submissions.flatMap(\.records))
            } catch {
                queue.change { $0.fail(error) }
                onFailure(error)
                return
            }
            onDurable(report(submissions, at: locations))
        }
    }

    private func append(_ records: [[UInt8]]) throws(JournalError) -> [JournalRecordLocation] {
        try journal.withLock { journal throws(JournalError) in try journal.append(records) }
    }

    /// Deals the locations out to the submissions; a batch has at least one.
    private func report(_ submissions: [JournalSubmission], at locations: [JournalRecordLocation]) -> JournalProgress {
        var progress = JournalProgress(position: 0, submissions: [])
        var rest = locations[...]
        for submission in submissions {
            let mine = Array(rest.prefix(submission.records.count))
            rest = rest.dropFirst(mine.count)
            progress.submissions.append(.init(position: submission.position, locations: mine))
            progress.position = submission.position
        }
        return progress
    }
}
