package import HotStuff

extension BlockArchiveReader {
    /// Reads a block and the certificate stored with it.
    func entry(at height: Height) throws(ArchiveError) -> ArchiveEntry {
        let page = try catalogue.page(of: height)
        let found = try onArchiveDisk { () throws(DiskError) -> ArchiveEntry? in
            if let place = try page.indexEntry(of: height), place.isKnown,
                let entry = try read(place, of: height, page)
            {
                return entry
            }
            // The index is damaged there, or a repair did not come to it, or the block is damaged.
            guard let place = try search(for: height, page) else { return nil }
            return try read(place, of: height, page)
        }
        guard let found else { throw .damaged(height) }
        return found
    }

    /// Where a block is; one that is lost has no name and no length.
    func location(of height: Height) throws(ArchiveError) -> ArchiveIndexEntry {
        let page = try catalogue.page(of: height)
        let found = try onArchiveDisk { () throws(DiskError) -> ArchiveIndexEntry? in
            if let place = try page.indexEntry(of: height), place.isKnown { return place }
            return try search(for: height, page)
        }
        return found ?? .lost
    }

    /// The name of the file and the bytes in it that hold a block, for those who damage them.
    package func bytes(of height: Height) throws(ArchiveError) -> (file: String, range: Range<UInt64>) {
        let place = try location(of: height)
        let first = try catalogue.page(of: height).file.first
        let name = place.place == .repairs ? ArchiveFileName.repairs(first) : ArchiveFileName.blocks(first)
        return (name, place.offset..<place.offset + UInt64(place.length))
    }

    private func read(
        _ place: ArchiveIndexEntry,
        of height: Height,
        _ page: ArchivePage<Storage>
    ) throws(DiskError) -> ArchiveEntry? {
        switch place.place {
        case .blocks: return try page.handles.blocks.entry(at: place, of: height, page.file.seal)
        case .repairs:
            guard let repairs = try repairs(of: page.file) else { return nil }
            return try repairs.entry(at: place, of: height, page.file.seal)
        }
    }

    /// Where a block is according to the heads of the entries themselves: O(entries of the file).
    private func search(
        for height: Height,
        _ page: ArchivePage<Storage>
    ) throws(DiskError) -> ArchiveIndexEntry? {
        if let repairs = try repairs(of: page.file),
            let found = try last(height, in: repairs, .repairs, page.file)
        {
            return found
        }
        return try last(height, in: page.handles.blocks, .blocks, page.file)
    }

    private func last(
        _ height: Height,
        in file: Storage.File,
        _ place: ArchivePlace,
        _ owner: ArchiveFile
    ) throws(DiskError) -> ArchiveIndexEntry? {
        var scanner = try ArchiveScanner(file, in: place, from: owner.first, owner.seal)
        var last: ArchiveIndexEntry?
        while let found = try scanner.next() {
            if found.head.height == height { last = found.indexEntry(in: place) }
        }
        return last
    }

    /// The file of repairs of a data file, if there is one.
    private func repairs(of file: ArchiveFile) throws(DiskError) -> Storage.File? {
        let name = ArchiveFileName.repairs(file.first)
        return try catalogue.disk.exists(name) ? try catalogue.disk.open(name, .existing) : nil
    }
}
