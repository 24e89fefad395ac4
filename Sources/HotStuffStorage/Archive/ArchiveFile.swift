internal import HotStuff

/// A data file of an archive as the catalogue knows it.
struct ArchiveFile: Sendable {
    /// The height of its first block.
    let first: Height
    /// The name of the block below.
    let parent: Digest
    /// The checksums of it, of its index and of its repairs.
    let seal: ArchiveSeal

    init(_ header: ArchiveHeader) {
        first = header.first
        parent = header.parent
        seal = ArchiveSeal(header.salt)
    }
}

/// The open files of one data file.
struct ArchiveHandles<Storage: Disk>: Sendable {
    let blocks: Storage.File
    let index: Storage.File

    /// Opens a data file and its index, which is made if it is missing.
    init(on disk: Storage, first: Height) throws(DiskError) {
        blocks = try disk.open(ArchiveFileName.blocks(first), .existing)
        index = try disk.open(ArchiveFileName.index(first), .createIfMissing)
    }
}

/// A data file with its open handles, and what is known of a height in it that is not in its index yet.
struct ArchivePage<Storage: Disk>: Sendable {
    let file: ArchiveFile
    let handles: ArchiveHandles<Storage>
    var pending: ArchiveIndexEntry?

    /// What the index tells of a height; nil if it is damaged there.
    func indexEntry(of height: Height) throws(DiskError) -> ArchiveIndexEntry? {
        if let pending { return pending }
        let offset = ArchiveIndexEntry.offset(of: height, first: file.first)
        return .authentic(try handles.index.bytes(ArchiveIndexEntry.byteCount, at: offset), of: height, file.seal)
    }

    /// Writes what the index tells of heights that follow each other.
    func writeIndex(_ entries: ArraySlice<ArchiveIndexEntry>, from height: Height) throws(DiskError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * ArchiveIndexEntry.byteCount)
        var next = height.rawValue
        for entry in entries {
            bytes += entry.bytes(of: Height(next), file.seal)
            next += 1
        }
        try handles.index.write(
            bytes.span.bytes,
            at: ArchiveIndexEntry.offset(of: height, first: file.first)
        )
    }
}
