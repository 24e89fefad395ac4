public import HotStuff

extension BlockArchive {
    /// Removes the data files that hold only blocks which the configuration no longer wants, the oldest first.
    ///
    /// The file that is written always stays. Whoever reads a removed file goes on reading it.
    ///
    /// - Parameter snapshotHeight: the height of a durable snapshot.
    /// - Returns: how many data files were removed.
    /// - Throws: how the disk failed; nothing is written any more then, and opening the archive again finds it in order.
    @discardableResult
    public mutating func prune(snapshotHeight: Height) throws(ArchiveError) -> Int {
        try checkRunning()
        guard let wanted = lowestWantedHeight(snapshotHeight: snapshotHeight) else { return 0 }
        let disk = catalogue.disk
        let removed = catalogue.withState { state in
            let count = state.files.dropFirst().prefix { $0.first <= wanted }.count
            let removed = state.files.prefix(count).map(\.first)
            state.files.removeFirst(count)
            state.open.removeAll { removed.contains($0.first) }
            return removed
        }
        try writing { () throws(DiskError) in
            for first in removed { try ArchiveFile.remove(first, from: disk) }
        }
        return removed.count
    }

    /// The lowest height that must stay; none if all must.
    private func lowestWantedHeight(snapshotHeight: Height) -> Height? {
        let aboveSnapshot = snapshotHeight.next ?? snapshotHeight
        switch configuration.retention {
        case .all: return nil
        case .sinceSnapshot: return aboveSnapshot
        case .last(let count):
            let height = height.rawValue
            return count <= height ? min(aboveSnapshot, Height(height - count + 1)) : nil
        }
    }
}
