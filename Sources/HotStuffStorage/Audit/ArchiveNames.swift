internal import HotStuff

/// The names of archived blocks by rising heights, from the heads of the entries alone.
struct ArchiveNames<Storage: Disk> {
    private let disk: Storage
    private let entries: [ArchiveListing.Entry]
    private var walk: ArchiveFileWalk<Storage>?
    private var first: Height?
    private var head: ArchiveEntryHead?

    init(_ listing: ArchiveListing, on disk: Storage) {
        self.disk = disk
        entries = listing.entries
    }

    /// The name of the block at a height, which must not be below the one that was asked before; nil if it cannot be told.
    mutating func name(at height: Height) throws(DiskError) -> Digest? {
        guard let entry = entries.last(where: { $0.first <= height }), let header = entry.header else { return nil }
        if first != entry.first {
            walk = try ArchiveFileWalk(header, through: nil, on: disk)
            first = entry.first
            head = try walk?.nextHead()
        }
        while let found = head, found.height < height { head = try walk?.nextHead() }
        return head.flatMap { $0.height == height ? $0.block : nil }
    }
}
