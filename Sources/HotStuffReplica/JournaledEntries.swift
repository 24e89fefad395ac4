internal import HotStuff
internal import HotStuffStorage
internal import Synchronization

/// What the records on their way to the disk mean, so that the index learns their places when they have arrived.
final class JournaledEntries: Sendable {
    private struct Expected: Sendable {
        let position: JournalPosition
        let entries: [BlockIndex.Entry]
    }

    private let expected = Mutex<[Expected]>([])

    /// Notes what the records of a submission are.
    func expect(_ entries: [BlockIndex.Entry], at position: JournalPosition) {
        expected.withLock { $0.append(Expected(position: position, entries: entries)) }
    }

    /// What the records that have arrived are, with their places.
    func arrived(_ progress: JournalProgress) -> [(BlockIndex.Entry, JournalRecordLocation)] {
        expected.withLock { expected in
            var arrived: [(BlockIndex.Entry, JournalRecordLocation)] = []
            for submission in progress.submissions {
                guard let first = expected.first, first.position.rawValue == submission.position else { continue }
                expected.removeFirst()
                arrived += zip(first.entries, submission.locations)
            }
            return arrived
        }
    }
}
