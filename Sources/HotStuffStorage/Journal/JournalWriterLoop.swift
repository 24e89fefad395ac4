internal import Synchronization

/// What the journal's thread does: take all that waits, write it, report it.
///
/// It does not know the writer, so that dropping the writer can stop it.
final class JournalWriterLoop<Storage: Disk>: Sendable {
    private let queue: Monitor<JournalQueue>
    /// The thread locks it, or who writes in its place.
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
        while true {
            let work = nextWork()
            if work == .end { return }
            do {
                if let progress = try carryOut(work) { onDurable(progress) }
            } catch {
                fail(error)
                return
            }
        }
    }

    /// Writes a submission on the caller's thread, which has claimed the queue.
    func writeHere(_ submission: JournalSubmission) throws(JournalError) -> JournalProgress {
        do {
            return try journal.withLock { journal throws(JournalError) in
                let locations = try journal.append(submission.entries)
                journal.noteDurable()
                return report([submission], at: locations, in: journal)
            }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Nothing is written any more, and everybody hears why.
    private func fail(_ error: JournalError) {
        queue.change { $0.fail(error) }
        onFailure(error)
    }

    /// What there is to do.
    ///
    /// Before the thread waits for it, or ends, it notes that all is durable; else the next batch will tell.
    private func nextWork() -> JournalQueue.Work {
        if let work = queue.change({ $0.takeWork() }), work != .end { return work }
        journal.withLock { $0.noteDurable() }
        return queue.wait(for: { $0.takeWork() })
    }

    /// Does one thing, and gives what there is to report.
    private func carryOut(_ work: JournalQueue.Work) throws(JournalError) -> JournalProgress? {
        try journal.withLock { journal throws(JournalError) in
            switch work {
            case .write(let submissions):
                let locations = try journal.append(submissions.flatMap(\.entries))
                return report(submissions, at: locations, in: journal)
            case .start(let submission, let label):
                let locations = try journal.startSegment(submission.entries, label: label)
                return report([submission], at: locations, in: journal)
            case .prune(let segment):
                try journal.remove(before: segment)
                return nil
            case .end:
                return nil
            }
        }
    }

    /// Deals the locations out to the submissions; a batch has at least one.
    private func report(
        _ submissions: [JournalSubmission],
        at locations: [JournalRecordLocation],
        in journal: borrowing Journal<Storage>
    ) -> JournalProgress {
        var progress = JournalProgress(
            position: 0,
            submissions: [],
            segments: journal.segments,
            wantsSegment: journal.wantsSegment
        )
        var rest = locations[...]
        for submission in submissions {
            let mine = Array(rest.prefix(submission.entries.count))
            rest = rest.dropFirst(mine.count)
            progress.submissions.append(.init(position: submission.position, locations: mine))
            progress.position = submission.position
        }
        return progress
    }
}
