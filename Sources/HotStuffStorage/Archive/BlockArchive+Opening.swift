public import HotStuff

extension BlockArchive {
    /// Opens the archive of a disk, or an empty one if there is none.
    ///
    /// A torn end of the last data file is cut off behind its last whole block; all that is left is durable when this returns.
    /// Damage to what was once durable stays where it is, for reads to report. Of all files but the last only the header and the
    /// last entry of the index are read, unless that is damaged and the index has to be rebuilt.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - chain: the digest of the genesis document.
    ///   - configuration: how the archive is kept.
    ///   - durable: a height through which everything was durable by what lies outside the archive: what is damaged up to there was
    ///     not torn by a crash, and stays.
    ///   - salt: what the checksums of data files to come are keyed with; secret.
    /// - Returns: the archive, ready to append.
    /// - Throws: what is wrong with which file, or how the disk failed.
    public static func open(
        on disk: Storage,
        chain: Digest,
        configuration: ArchiveConfiguration = ArchiveConfiguration(),
        durableThrough durable: Height = .genesis,
        salt: @autoclosure () -> JournalSalt = .random()
    ) throws(ArchiveError) -> BlockArchive {
        let names = try onArchiveDisk { () throws(DiskError) in try disk.names() }
        var files: [ArchiveFile] = []
        for name in names {
            guard let first = ArchiveFileName.first(ofBlocks: name) else { continue }
            guard first > .genesis else { throw .damagedHeader(path: disk.path(of: name)) }
            files.append(ArchiveFile(try ArchiveFile.header(of: first, chain: chain, on: disk)))
        }
        for (file, next) in zip(files, files.dropFirst()) {
            try check(file, before: next, on: disk)
        }
        var state = ArchiveCatalogue<Storage>.State()
        state.files = files
        let end: ArchiveEnd<Storage>? =
            if let last = files.last {
                try onArchiveDisk { () throws(DiskError) in
                    try ArchiveEnd(settling: last, on: disk, durableThrough: durable)
                }
            } else { nil }
        if let end {
            state.durable = end.height
            state.tip = end.tip
        }
        try onArchiveDisk { () throws(DiskError) in
            try removeLeftovers(names, beside: Set(files.map(\.first)), from: disk)
            // The names may be younger than the last sync of whoever made them.
            try disk.syncDirectory()
        }
        return BlockArchive(
            ArchiveCatalogue(disk, maximumOpenFiles: configuration.maximumOpenFiles, state),
            tail: end?.tail,
            chain: chain,
            salt: salt(),
            configuration: configuration
        )
    }

    /// Checks that a data file ends where the next one begins, and rebuilds its index if its last entry is damaged.
    private static func check(
        _ file: ArchiveFile,
        before next: ArchiveFile,
        on disk: Storage
    ) throws(ArchiveError) {
        let path = disk.path(of: ArchiveFileName.blocks(next.first))
        let last = Height(next.first.rawValue - 1)
        let end = try onArchiveDisk { () throws(DiskError) -> ArchiveIndexEntry? in
            let page = ArchivePage(file: file, handles: try ArchiveHandles(on: disk, first: file.first))
            let end = ArchiveIndexEntry.offset(of: next.first, first: file.first)
            guard try page.handles.index.size() == end else { return nil }
            return try page.indexEntry(of: last)
        }
        if let end, end.isKnown {
            guard end.block == next.parent else { throw .brokenChain(path: path) }
            return
        }
        let (page, survey) = try onArchiveDisk { () throws(DiskError) in
            let page = ArchivePage(file: file, handles: try ArchiveHandles(on: disk, first: file.first))
            return (page, try ArchiveSurvey(page, on: disk))
        }
        let reached = survey.last ?? Height(file.first.rawValue - 1)
        guard reached <= last, reached == last || !survey.isUnbroken else {
            throw .gap(path: path, expected: reached.next ?? reached, found: next.first)
        }
        var index = survey.index(through: last)
        if index[index.count - 1].block == .zero { index[index.count - 1].block = next.parent }
        guard index[index.count - 1].block == next.parent else { throw .brokenChain(path: path) }
        try onArchiveDisk { () throws(DiskError) in
            try page.replaceIndex(index)
            try page.handles.index.syncData()
        }
    }

    /// Removes what was never finished, and what belongs to data files that are gone.
    private static func removeLeftovers(
        _ names: [String],
        beside files: Set<Height>,
        from disk: Storage
    ) throws(DiskError) {
        for name in names {
            let isOrphan = ArchiveFileName.first(ofCompanion: name).map { !files.contains($0) } ?? false
            if isOrphan || name == ArchiveFileName.unfinished { try disk.remove(name) }
        }
    }
}
