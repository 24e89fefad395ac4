package import HotStuff

/// The blocks of all data files of an archive, upwards, each read and checked, without any change to the directory.
package struct ArchiveWalk<Storage: Disk> {
    /// What comes next.
    package enum Step {
        /// A data file begins whose first block extends a block of this name.
        case file(path: String, first: Height, parent: Digest)
        /// The next block, and the certificate that was stored with it.
        case block(Block, QuorumCertificate?)
        /// The block of a height cannot be read; whether it was synced once.
        case damaged(Height, wasSynced: Bool)
        /// The block of a height is where a higher one should be.
        case misplaced(Height)
    }

    /// The path of the file that is read.
    package private(set) var path = ""
    /// The bytes of all files before what comes next.
    package private(set) var offset: UInt64 = 0
    /// The bytes behind the last whole block of the last file.
    package private(set) var tornBytes: UInt64 = 0

    /// The height that comes next in the file that is read; none between files.
    package var next: Height? { walk?.next }

    /// The first height of which the index of the file that is read does not tell what it should.
    package var misindexed: (height: Height, path: String)? {
        walk?.misindexed.map { ($0, disk.path(of: ArchiveFileName.index(entries[index].first))) }
    }

    private let disk: Storage
    private let entries: [ArchiveListing.Entry]
    private var index = 0
    private var walk: ArchiveFileWalk<Storage>?
    private var passedBytes: UInt64 = 0

    /// Begins in front of the file that holds a height, or of the first one.
    package init(_ listing: ArchiveListing, from height: Height = .genesis, on disk: Storage) {
        self.disk = disk
        entries = listing.entries
        index = max(0, (entries.firstIndex { $0.first > height } ?? entries.count) - 1)
    }

    /// The next step; nil at the end.
    ///
    /// - Returns: what comes next.
    /// - Throws: that a file has no header that can be read, or how the disk failed.
    package mutating func step() throws(ArchiveError) -> Step? {
        while true {
            guard walk == nil else {
                guard let step = try stepInFile() else { continue }
                return step
            }
            guard index < entries.count else { return nil }
            let entry = entries[index]
            if let problem = entry.problem { throw problem }
            guard let header = entry.header else { throw .damagedHeader(path: entry.path) }
            let last = index + 1 < entries.count ? Height(entries[index + 1].first.rawValue - 1) : nil
            let opened = try onArchiveDisk { () throws(DiskError) in
                try ArchiveFileWalk(header, through: last, on: disk)
            }
            guard let opened else {
                // It was pruned since the listing.
                index += 1
                continue
            }
            walk = opened
            path = entry.path
            return .file(path: path, first: header.first, parent: header.parent)
        }
    }

    private mutating func stepInFile() throws(ArchiveError) -> Step? {
        let step = try onArchiveDisk { () throws(DiskError) in try walk?.step() }
        if let walk { offset = passedBytes + walk.offset }
        switch step {
        case .block(let entry): return .block(entry.block, entry.certificate)
        case .damaged(let height, let wasSynced): return .damaged(height, wasSynced: wasSynced)
        case .misplaced(let height): return .misplaced(height)
        case .end(let torn):
            tornBytes = torn
            passedBytes += walk?.byteCount ?? 0
            offset = passedBytes
            walk = nil
            index += 1
            return nil
        case nil: return nil
        }
    }
}
