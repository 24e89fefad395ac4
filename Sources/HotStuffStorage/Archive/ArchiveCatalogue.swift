internal import HotStuff
internal import Synchronization

/// What the writer of an archive and its readers share: the files, how far they reach, and the few that are open.
///
/// Its memory is bounded by the number of files and by the blocks that are not durable yet.
final class ArchiveCatalogue<Storage: Disk>: Sendable {
    struct State: Sendable {
        /// The data files in the order of their heights.
        var files: [ArchiveFile] = []
        /// The last height that is durable and in an index.
        var durable = Height.genesis
        /// Where the blocks above are, in the last file.
        var pending: [ArchiveIndexEntry] = []
        /// The name of the last block, or of the one below the first to come; none in an archive that never began.
        var tip: Digest?
        /// The open files, the one used last at the end.
        var open: [(first: Height, handles: ArchiveHandles<Storage>)] = []

        var height: Height { Height(durable.rawValue + UInt64(pending.count)) }
        var first: Height { files.first?.first ?? Height(durable.rawValue + 1) }
    }

    let disk: Storage
    private let maximumOpenFiles: Int
    private let state: Mutex<State>

    init(_ disk: Storage, maximumOpenFiles: Int, _ state: State) {
        self.disk = disk
        self.maximumOpenFiles = maximumOpenFiles
        self.state = Mutex(state)
    }

    /// Reads or changes what is shared.
    func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    /// The data file in which a height is, open.
    func page(of height: Height) throws(ArchiveError) -> ArchivePage<Storage> {
        // One lock for the look-up and the opening: a file that is pruned meanwhile stays readable.
        try state.withLock { state throws(ArchiveError) in
            guard height >= state.first, height <= state.height,
                let file = ArchiveCatalogue.file(of: height, in: state.files)
            else { throw .missing(height) }
            var page = ArchivePage(file: file, handles: try handles(of: file.first, in: &state))
            if height > state.durable {
                page.pending = state.pending[Int(height.rawValue - state.durable.rawValue - 1)]
            }
            return page
        }
    }

    /// The file whose heights begin at or below a height: a binary search.
    private static func file(of height: Height, in files: [ArchiveFile]) -> ArchiveFile? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].first <= height { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? files[low - 1] : nil
    }

    private func handles(of first: Height, in state: inout State) throws(ArchiveError) -> ArchiveHandles<Storage> {
        if let place = state.open.lastIndex(where: { $0.first == first }) {
            let found = state.open[place]
            if place < state.open.count - 1 {
                state.open.remove(at: place)
                state.open.append(found)
            }
            return found.handles
        }
        let handles = try onArchiveDisk { () throws(DiskError) in try ArchiveHandles(on: disk, first: first) }
        state.open.append((first, handles))
        if state.open.count > maximumOpenFiles { state.open.removeFirst() }
        return handles
    }
}
