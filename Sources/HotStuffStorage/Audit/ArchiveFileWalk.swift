internal import HotStuff

/// The blocks of one data file from the first to the last, each read and checked, without the index and without any change.
///
/// Whoever writes the file meanwhile does no harm: what was there when the walk began is read, and an entry that was not whole then is
/// the end. One entry is in memory at a time.
struct ArchiveFileWalk<Storage: Disk> {
    /// What comes next.
    enum Step {
        /// The next block.
        case block(ArchiveEntry)
        /// The next height, whose block cannot be read; whether it was synced.
        case damaged(Height, wasSynced: Bool)
        /// The block of a height where a higher one should be.
        case misplaced(Height)
        /// The end, and the bytes behind the last block: what was being written when the writer ended, or when the walk began.
        case end(tornBytes: UInt64)
    }

    /// The height that comes next.
    private(set) var next: Height
    /// The bytes before what comes next.
    private(set) var offset: UInt64

    /// The first height of which the index of a file that is finished does not tell what it should.
    private(set) var misindexed: Height?

    private let file: ArchiveFile
    private let index: Storage.File?
    private let blocks: Storage.File
    private let repairs: Storage.File?
    private var scanner: ArchiveScanner<Storage.File>
    /// The last height that must be there.
    private let last: Height?
    /// The height through which all was durable, by the index and by the heads that were read.
    private var durable: Height
    /// The next whole head, if it was read ahead.
    private var held: ArchiveScanner<Storage.File>.Found?
    private var isAtEnd = false

    /// Begins in front of the first block; nil if the file is gone.
    ///
    /// - Parameters:
    ///   - header: the header of the file.
    ///   - last: the last height that the file must have because another file follows; none for the last file.
    ///   - disk: the directory.
    /// - Throws: how the disk failed.
    init?(_ header: ArchiveHeader, through last: Height?, on disk: Storage) throws(DiskError) {
        file = ArchiveFile(header)
        self.last = last
        next = header.first
        offset = ArchivePlace.blocks.start
        // The index first: what it tells of is in the blocks already.
        index = try disk.openIfThere(ArchiveFileName.index(header.first))
        durable = try Self.indexed(file, index)
        guard let blocks = try disk.openIfThere(ArchiveFileName.blocks(header.first)) else { return nil }
        self.blocks = blocks
        repairs = try disk.openIfThere(ArchiveFileName.repairs(header.first))
        scanner = try ArchiveScanner(blocks, in: .blocks, from: file.first, file.seal)
    }

    /// The length of the file when the walk began.
    var byteCount: UInt64 { scanner.fileSize }

    /// The next step; after the end there is none.
    mutating func step() throws(DiskError) -> Step {
        guard let found = try peek() else { return try stepBehindLast() }
        guard found.head.height == next else {
            if found.head.height > next { return try stepOver() }
            held = nil
            return .misplaced(found.head.height)
        }
        held = nil
        offset = found.end
        if let entry = try blocks.entry(at: found.indexEntry(in: .blocks), of: next, file.seal) {
            try checkIndex(of: found)
            return advance(.block(entry))
        }
        // The end of what is written, unless something whole follows or it was synced.
        if last == nil, next > durable, try peek() == nil {
            isAtEnd = true
            return .end(tornBytes: byteCount - found.offset)
        }
        return try stepOver()
    }

    /// Reads the next head without its block: for those who want names only.
    mutating func nextHead() throws(DiskError) -> ArchiveEntryHead? {
        let found = try peek()
        held = nil
        return found?.head
    }

    private mutating func peek() throws(DiskError) -> ArchiveScanner<Storage.File>.Found? {
        if held == nil, !isAtEnd {
            held = try scanner.next()
            if let held { durable = max(durable, held.head.synced) }
            isAtEnd = held == nil
        }
        return held
    }

    /// Behind the last whole head.
    private mutating func stepBehindLast() throws(DiskError) -> Step {
        guard next <= last ?? durable else { return .end(tornBytes: byteCount - min(offset, byteCount)) }
        return try stepOver()
    }

    /// Over a height that the file does not have, or not whole: perhaps it was fetched again.
    private mutating func stepOver() throws(DiskError) -> Step {
        if let repairs, let place = try repaired(in: repairs),
            let entry = try repairs.entry(at: place, of: next, file.seal)
        {
            return advance(.block(entry))
        }
        return advance(.damaged(next, wasSynced: next <= durable || last != nil))
    }

    private mutating func advance(_ step: Step) -> Step {
        next = next.next ?? next
        return step
    }

    private func repaired(in repairs: Storage.File) throws(DiskError) -> ArchiveIndexEntry? {
        var scanner = try ArchiveScanner(repairs, in: .repairs, from: file.first, file.seal)
        var place: ArchiveIndexEntry?
        while let found = try scanner.next() {
            if found.head.height == next { place = found.indexEntry(in: .repairs) }
        }
        return place
    }

    /// Compares what the index tells with what is there; that of the last file is not synced and may lack anything.
    private mutating func checkIndex(of found: ArchiveScanner<Storage.File>.Found) throws(DiskError) {
        guard last != nil, misindexed == nil, let index else { return }
        let offset = ArchiveIndexEntry.offset(of: next, first: file.first)
        let slot = try index.bytes(ArchiveIndexEntry.byteCount, at: offset)
        let told = ArchiveIndexEntry.authentic(slot, of: next, file.seal)
        // A block that was fetched again stays where it was put.
        guard let told, told.block == found.head.block, told.offset == found.offset || told.place == .repairs else {
            misindexed = next
            return
        }
    }

    /// The last height of which the index tells; the one below the file if it tells of none.
    private static func indexed(_ file: ArchiveFile, _ index: Storage.File?) throws(DiskError) -> Height {
        let below = Height(file.first.rawValue - 1)
        guard let index else { return below }
        let size = try index.size()
        guard size > ArchiveIndexEntry.start else { return below }
        var count = (size - ArchiveIndexEntry.start) / UInt64(ArchiveIndexEntry.byteCount)
        while count > 0 {
            let height = Height(below.rawValue + count)
            let slot = try index.bytes(
                ArchiveIndexEntry.byteCount,
                at: ArchiveIndexEntry.offset(of: height, first: file.first)
            )
            if ArchiveIndexEntry.authentic(slot, of: height, file.seal) != nil { return height }
            count -= 1
        }
        return below
    }
}
