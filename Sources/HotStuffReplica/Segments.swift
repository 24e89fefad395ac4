internal import HotStuff
internal import HotStuffStorage
internal import Synchronization

/// Has the journal begin a segment when the current one is full, and remove the old ones when the archive has their blocks.
final class Segments: Sendable {
    private struct State: Sendable {
        /// The segment for which a successor was asked.
        var full: UInt64 = 0
        /// The segment before which all is removed, or about to be.
        var kept: UInt64 = 0
    }

    private let state = Mutex(State())
    private let inbox: Inbox
    private let librarian: Librarian
    /// How many bytes the beginning of a segment may have.
    private let room: Int
    private let journal = Mutex<JournalWriter<RealDisk>?>(nil)

    /// Creates it for a journal of which one batch has so many bytes at most.
    init(inbox: Inbox, librarian: Librarian, maximumBatchBytes: Int) {
        self.inbox = inbox
        self.librarian = librarian
        // The rest is for what else the core decides in the same step.
        room = maximumBatchBytes / 2
    }

    /// Names the journal, which did not exist yet.
    func open(_ writer: JournalWriter<RealDisk>) { journal.withLock { $0 = writer } }

    /// Lets go of the journal, which has stopped.
    func close() { journal.withLock { $0 = nil } }

    /// Looks at the journal after a write.
    func look(at progress: JournalProgress) {
        guard let current = progress.segments.last else { return }
        let (isFull, isNew) = state.withLock { state in
            let isFull = progress.wantsSegment && state.full < current.number
            if isFull { state.full = current.number }
            let isNew = progress.segments.count > 1 && state.kept < current.number
            if isNew { state.kept = current.number }
            return (isFull, isNew)
        }
        if isFull { inbox.report(.segmentIsFull(room: room)) }
        guard isNew else { return }
        let segments = progress.segments
        librarian.sync { [weak self] durable in self?.release(segments, durable: durable) }
    }

    /// Removes the segments whose blocks are durable in the archive.
    private func release(_ segments: [JournalSegment], durable: Height) {
        guard let number = SegmentLabel.firstNeeded(of: segments, durable: durable) else { return }
        // A journal that has failed or stopped keeps what it has.
        try? journal.withLock { $0 }?.prune(before: number)
    }
}
