internal import Synchronization

/// The open files of a journal's segments, a bounded number of them, shared by all who read.
final class JournalHandles<Storage: Disk>: Sendable {
    private struct State {
        /// The files that are open, the one used last at the end.
        var open: [(segment: UInt64, file: Storage.File)] = []
        /// The segments below this one have been removed.
        var first: UInt64 = 1
    }

    let disk: Storage
    private let state = Mutex(State())

    /// The most files that are open at once, besides the one that is written.
    private static var maximumCount: Int { 8 }

    init(_ disk: Storage) {
        self.disk = disk
    }

    func path(of segment: UInt64) -> String { disk.path(of: JournalSegment.name(of: segment)) }

    /// The file of a segment; one that has been removed, or never was, is `removed`.
    func file(of segment: UInt64) throws(JournalError) -> Storage.File {
        try state.withLock { state throws(JournalError) in
            guard segment >= state.first else { throw .removed(path: path(of: segment)) }
            if let index = state.open.firstIndex(where: { $0.segment == segment }) {
                let entry = state.open.remove(at: index)
                state.open.append(entry)
                return entry.file
            }
            let file = try open(segment)
            insert(file, as: segment, into: &state)
            return file
        }
    }

    /// Takes over a file that has been opened otherwise, in place of any other of that segment.
    func adopt(_ file: Storage.File, as segment: UInt64) {
        state.withLock { insert(file, as: segment, into: &$0) }
    }

    /// Lets go of the segments below one: from now on they count as removed.
    func forget(before segment: UInt64) {
        state.withLock { state in
            state.first = max(state.first, segment)
            state.open.removeAll { $0.segment < segment }
        }
    }

    private func open(_ segment: UInt64) throws(JournalError) -> Storage.File {
        do {
            return try disk.open(JournalSegment.name(of: segment), .existing)
        } catch {
            throw error.isMissing ? .removed(path: path(of: segment)) : .disk(error)
        }
    }

    private func insert(_ file: Storage.File, as segment: UInt64, into state: inout State) {
        state.open.removeAll { $0.segment == segment }
        if state.open.count >= JournalHandles.maximumCount { state.open.removeFirst() }
        state.open.append((segment, file))
    }
}
