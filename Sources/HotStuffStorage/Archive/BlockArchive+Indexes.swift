internal import HotStuff

extension BlockArchive {
    /// Reads the indexes of all data files and rebuilds those that are damaged anywhere.
    ///
    /// Reads find their way without an index, but slowly; opening rebuilds only what it cannot do without. O(blocks) in time, in
    /// memory O(blocks of one file).
    ///
    /// - Returns: how many were rebuilt.
    /// - Throws: how the disk failed.
    @discardableResult
    public mutating func rebuildDamagedIndexes() throws(ArchiveError) -> Int {
        try sync()
        let (files, durable) = catalogue.withState { ($0.files, $0.durable) }
        var rebuilt = 0
        for (place, file) in files.enumerated() {
            let last = place + 1 < files.count ? Height(files[place + 1].first.rawValue - 1) : durable
            guard last >= file.first else { continue }
            let page = try catalogue.page(of: file.first)
            let disk = catalogue.disk
            let wasDamaged = try writing { () throws(DiskError) -> Bool in
                guard try !page.hasWholeIndex(through: last) else { return false }
                try page.replaceIndex(try ArchiveSurvey(page, on: disk).index(through: last))
                try page.handles.index.syncData()
                return true
            }
            if wasDamaged { rebuilt += 1 }
        }
        return rebuilt
    }
}

extension ArchivePage {
    /// Whether every entry of the index through a height is as it was written.
    fileprivate func hasWholeIndex(through last: Height) throws(DiskError) -> Bool {
        let count = Int(last.rawValue - file.first.rawValue + 1)
        let size = count * ArchiveIndexEntry.byteCount
        let bytes = try handles.index.bytes(size, at: ArchiveIndexEntry.start)
        guard bytes.count == size else { return false }
        return (0..<count).allSatisfy { number in
            let start = number * ArchiveIndexEntry.byteCount
            let slot = Array(bytes[start..<start + ArchiveIndexEntry.byteCount])
            let height = Height(file.first.rawValue + UInt64(number))
            return ArchiveIndexEntry.authentic(slot, of: height, file.seal) != nil
        }
    }
}
