internal import HotStuff

extension ArchiveFile {
    /// Makes an empty data file and its index, so that the data file's name means whole headers or nothing.
    static func create(_ header: ArchiveHeader, on disk: some Disk) throws(DiskError) {
        let repairs = ArchiveFileName.repairs(header.first)
        if try disk.exists(repairs) { try disk.remove(repairs) }
        let index = try disk.open(ArchiveFileName.index(header.first), .createEmpty)
        try index.write(header.bytes.span.bytes, at: 0)
        try index.syncData()
        let blocks = try disk.open(ArchiveFileName.unfinished, .createEmpty)
        try blocks.write(header.bytes.span.bytes, at: 0)
        try blocks.syncData()
        try disk.rename(ArchiveFileName.unfinished, to: ArchiveFileName.blocks(header.first))
        try disk.syncDirectory()
    }

    /// Removes a data file and what belongs to it.
    ///
    /// It is gone for good before the next one is removed: otherwise a loss of power could leave a gap.
    static func remove(_ first: Height, from disk: some Disk) throws(DiskError) {
        try disk.remove(ArchiveFileName.blocks(first))
        for name in [ArchiveFileName.index(first), ArchiveFileName.repairs(first)] where try disk.exists(name) {
            try disk.remove(name)
        }
        try disk.syncDirectory()
    }

    /// Reads the header of a data file; a damaged one is restored from the copy in the index, and the other way round.
    static func header(of first: Height, chain: Digest, on disk: some Disk) throws(ArchiveError) -> ArchiveHeader {
        let name = ArchiveFileName.blocks(first)
        let path = disk.path(of: name)
        let (header, found) = try onArchiveDisk { () throws(DiskError) in
            let blocks = try disk.open(name, .existing)
            let index = try disk.open(ArchiveFileName.index(first), .createIfMissing)
            let found = try blocks.bytes(ArchiveHeader.byteCount, at: 0)
            let copy = try index.bytes(ArchiveHeader.byteCount, at: 0)
            let header = ArchiveHeader(found) ?? ArchiveHeader(copy)
            guard let header, header.first == first else { return (header, found) }
            if header.bytes != found {
                try blocks.write(header.bytes.span.bytes, at: 0)
                try blocks.syncData()
            }
            if header.bytes != copy { try index.write(header.bytes.span.bytes, at: 0) }
            return (header, found)
        }
        guard let header else { throw ArchiveHeader.reason(against: found, path: path) }
        guard header.first == first else { throw .damagedHeader(path: path) }
        guard header.chain == chain else { throw .wrongChain(path: path, found: header.chain, expected: chain) }
        return header
    }
}
