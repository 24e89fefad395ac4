internal import HotStuff

/// The end of the last data file, after what a crash may have torn has been cut off and the rest made durable.
struct ArchiveEnd<Storage: Disk> {
    /// The last height.
    let height: Height
    /// The name of the last block; none if it is damaged beyond that.
    let tip: Digest?
    /// Where the next block goes.
    let tail: ArchiveTail<Storage>

    /// Finds the last whole block, cuts off what follows, makes the file durable and the index whole.
    ///
    /// Up to the height that is known to have been durable everything stays, damaged or not: whoever reads it is told. Above it the
    /// blocks stay up to the first one that is not whole.
    ///
    /// - Parameters:
    ///   - file: the last data file.
    ///   - disk: the directory.
    ///   - known: a height through which everything was durable by what lies outside the archive.
    /// - Throws: how the disk failed.
    init(settling file: ArchiveFile, on disk: Storage, durableThrough known: Height) throws(DiskError) {
        let page = ArchivePage(file: file, handles: try ArchiveHandles(on: disk, first: file.first))
        let survey = try ArchiveSurvey(page, on: disk)
        // Of what is gone without a trace nothing can be said.
        let durable = max(survey.durable, min(known, survey.last ?? .genesis))
        var index = survey.index(through: durable)
        let lastDurable = survey.found.last { $0.head.height <= durable }
        let isAnchored = durable < file.first || lastDurable?.head.height == durable
        var end = isAnchored ? lastDurable?.end ?? ArchivePlace.blocks.start : survey.byteCount
        if let last = index.last, last.isKnown, last.place == .blocks { end = max(end, last.end) }
        let settled = end
        var height = durable
        for entry in survey.found where entry.head.height > durable {
            let place = entry.indexEntry(in: .blocks)
            guard entry.head.height.follows(height),
                try page.handles.blocks.entry(at: place, of: entry.head.height, file.seal) != nil
            else {
                // What is torn must not be found again beside what will be written in its place.
                if !isAnchored { end = min(end, entry.offset) }
                break
            }
            index.append(place)
            height = entry.head.height
            end = entry.end
        }
        if survey.byteCount > end { try page.handles.blocks.truncate(to: end) }
        try ArchiveEnd.rewrite(page.handles.blocks, from: settled, to: end)
        try page.handles.blocks.syncData()
        if !survey.hasIndex(index) { try page.replaceIndex(index) }
        // All of it is durable now, and from now on that is known: what rots later is damage, and not the torn end of a write.
        try page.handles.index.syncData()
        self.height = height
        let last = index.last?.block ?? file.parent
        tip = last == .zero ? nil : last
        tail = ArchiveTail(page: page, end: end)
    }

    /// Writes the same bytes to the same place: after a failed sync the system may hold them in memory and believe them clean.
    private static func rewrite(_ file: Storage.File, from start: UInt64, to end: UInt64) throws(DiskError) {
        var offset = start
        while offset < end {
            let bytes = try file.bytes(Int(min(end - offset, 1 << 20)), at: offset)
            guard !bytes.isEmpty else { return }
            try file.write(bytes.span.bytes, at: offset)
            offset += UInt64(bytes.count)
        }
    }
}

extension ArchivePage {
    /// Writes the whole index of a data file, over what is there: names that only the old one knows are never missing.
    func replaceIndex(_ entries: [ArchiveIndexEntry]) throws(DiskError) {
        try writeIndex(entries[...], from: file.first)
        try handles.index.truncate(
            to: ArchiveIndexEntry.start + UInt64(entries.count) * UInt64(ArchiveIndexEntry.byteCount)
        )
    }
}
