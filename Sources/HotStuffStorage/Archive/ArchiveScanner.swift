internal import HotStuff

/// Walks over the entries of a data file or of a file of repairs by their heads, and finds the next one behind a damaged one.
struct ArchiveScanner<File: DiskFile> {
    /// An entry whose head is whole; of its body nothing is known.
    struct Found {
        let head: ArchiveEntryHead
        let offset: UInt64
        /// Where its body ends, or would end.
        var end: UInt64 { offset + UInt64(ArchiveEntryHead.byteCount) + UInt64(head.length) }
    }

    private let file: File
    private let place: ArchivePlace
    private let seal: ArchiveSeal
    private let first: Height
    private let size: UInt64
    private var offset: UInt64
    private var window: [UInt8] = []
    private var windowStart: UInt64 = 0

    /// How much is read at once: small, because most of it is bodies.
    private static var stride: Int { 16 << 10 }

    /// Begins in front of the first entry of a file whose lowest height is known.
    init(_ file: File, in place: ArchivePlace, from first: Height, _ seal: ArchiveSeal) throws(DiskError) {
        self.file = file
        self.first = first
        self.place = place
        self.seal = seal
        size = try file.size()
        offset = place.start
    }

    /// The length of the file when the walk began.
    var fileSize: UInt64 { size }

    /// The next entry whose head is whole; nil if there is none up to the end of the file.
    ///
    /// Complexity: O(1) where entries follow each other, O(bytes of the hole) behind a damaged head.
    mutating func next() throws(DiskError) -> Found? {
        if let head = try head(at: offset) { return found(head) }
        while offset < size {
            offset += 1
            guard let bytes = try bytes(ArchiveEntryHead.byteCount, at: offset) else { return nil }
            // Without this every byte of a hole would be hashed with those that follow it.
            guard ArchiveEntryHead.isPlausible(bytes, first: first) else { continue }
            if let head = ArchiveEntryHead.authentic(Array(bytes), at: offset, in: place, seal) { return found(head) }
        }
        return nil
    }

    private mutating func found(_ head: ArchiveEntryHead) -> Found {
        let found = Found(head: head, offset: offset)
        offset = found.end
        return found
    }

    private mutating func head(at offset: UInt64) throws(DiskError) -> ArchiveEntryHead? {
        guard let bytes = try bytes(ArchiveEntryHead.byteCount, at: offset) else { return nil }
        return ArchiveEntryHead.authentic(Array(bytes), at: offset, in: place, seal)
    }

    /// Bytes at an offset; nil if the file ends before.
    private mutating func bytes(_ count: Int, at offset: UInt64) throws(DiskError) -> ArraySlice<UInt8>? {
        guard offset <= size, size - offset >= UInt64(count) else { return nil }
        if offset < windowStart || offset - windowStart + UInt64(count) > UInt64(window.count) {
            window = try file.bytes(max(count, ArchiveScanner.stride), at: offset)
            windowStart = offset
        }
        let first = Int(offset - windowStart)
        guard window.count - first >= count else { return nil }
        return window[first..<first + count]
    }
}

extension DiskFile {
    /// As many bytes at an offset as there are, up to a number.
    func bytes(_ count: Int, at offset: UInt64) throws(DiskError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let found = try read(into: &buffer, at: offset)
        bytes.removeLast(count - found)
        return bytes
    }

    /// An entry of an archive; nil unless it is there as the index says.
    func entry(at place: ArchiveIndexEntry, of height: Height, _ seal: ArchiveSeal) throws(DiskError) -> ArchiveEntry? {
        // What the index says has passed its checksum; only a file that was cut can be shorter.
        let count = ArchiveEntryHead.byteCount + Int(place.length)
        let bytes = try bytes(count, at: place.offset)
        guard bytes.count == count,
            let head = ArchiveEntryHead.authentic(
                Array(bytes.prefix(ArchiveEntryHead.byteCount)),
                at: place.offset,
                in: place.place,
                seal
            ), head.height == height, head.block == place.block
        else { return nil }
        let body = Array(bytes.dropFirst(ArchiveEntryHead.byteCount))
        return ArchiveEntry(body, of: head, at: place.offset, in: place.place, seal)
    }
}

extension ArchiveScanner.Found {
    /// What the index says of it.
    func indexEntry(in place: ArchivePlace) -> ArchiveIndexEntry {
        ArchiveIndexEntry(block: head.block, offset: offset, length: head.length, place: place)
    }
}
