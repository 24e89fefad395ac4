#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// How the file of a segment comes into being: as a whole or not at all, whatever happens in between.
enum JournalSegmentFile {
    /// Makes a segment of a header and the batches behind it; its name is not durable until the directory has been synced.
    static func create<Storage: Disk>(
        _ header: JournalHeader,
        _ batches: [UInt8],
        on disk: Storage,
        _ configuration: JournalConfiguration
    ) throws(DiskError) -> Storage.File {
        let file = try begin(header.number, on: disk, configuration)
        try file.write((header.bytes + batches).span.bytes, at: 0)
        try finish(file, as: header.number, on: disk)
        return file
    }

    /// Puts in place of a segment its beginning with one more batch, at the same offset; O(offset).
    ///
    /// The segment stays as it was until this one is whole and durable.
    static func replace<Storage: Disk>(
        _ old: Storage.File,
        number: UInt64,
        upTo offset: UInt64,
        then batch: [UInt8],
        on disk: Storage,
        _ configuration: JournalConfiguration
    ) throws(DiskError) -> Storage.File {
        let file = try begin(number, on: disk, configuration)
        var window = try JournalWindow(old, stride: 0)
        var position: UInt64 = 0
        while position < offset {
            let count = Int(min(offset - position, 1 << 20))
            guard let bytes = try window.read(count, at: position) else {
                throw DiskError(operation: .read, path: disk.path(of: JournalSegment.name(of: number)), code: EIO)
            }
            try file.write(bytes.span.bytes, at: position)
            position += UInt64(count)
        }
        try file.write(batch.span.bytes, at: offset)
        try finish(file, as: number, on: disk)
        try disk.syncDirectory()
        return file
    }

    /// Removes what was never finished, so that it takes no space; if the power fails now, it is removed the next time.
    static func removeUnfinished(on disk: some Disk) throws(DiskError) {
        for name in try disk.names() where JournalSegment.isUnfinished(name) { try disk.remove(name) }
    }

    private static func begin<Storage: Disk>(
        _ number: UInt64,
        on disk: Storage,
        _ configuration: JournalConfiguration
    ) throws(DiskError) -> Storage.File {
        let file = try disk.open(JournalSegment.unfinishedName(of: number), .createEmpty)
        if configuration.preallocates { try file.preallocate(to: UInt64(configuration.segmentBytes)) }
        return file
    }

    private static func finish<Storage: Disk>(
        _ file: Storage.File,
        as number: UInt64,
        on disk: Storage
    ) throws(DiskError) {
        try file.syncData()
        try disk.rename(JournalSegment.unfinishedName(of: number), to: JournalSegment.name(of: number))
    }
}
