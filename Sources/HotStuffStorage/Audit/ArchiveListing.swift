package import HotStuff

/// The data files of an archive as they stand in a directory, whether or not somebody writes them.
///
/// Nothing is opened for writing and nothing is repaired. A file that goes while it is looked at is left out: it was pruned.
package struct ArchiveListing: Sendable {
    /// A data file.
    package struct Entry: Sendable {
        /// The height of its first block, by its name.
        package let first: Height
        /// The name of the file.
        package let name: String
        /// Its path, for people.
        package let path: String
        /// Its length in bytes.
        package let byteCount: UInt64
        /// Whether the header, or its copy in the index, is damaged while the other one is whole.
        package let hasDamagedHeader: Bool
        /// What its header says; none if it and its copy are of no use.
        let header: ArchiveHeader?
        /// Why it cannot be read, if it cannot.
        package let problem: ArchiveError?

        /// The chain by its header.
        package var chain: Digest? { header?.chain }
        /// The name of the block below the first one, by its header.
        package var parent: Digest? { header?.parent }
    }

    /// The files, upwards.
    package let entries: [Entry]

    /// Looks at all data files of a directory.
    package init(of disk: some Disk) throws(DiskError) {
        var entries: [Entry] = []
        for name in try disk.names() {
            guard let first = ArchiveFileName.first(ofBlocks: name) else { continue }
            if let entry = try Entry(name, first: first, on: disk) { entries.append(entry) }
        }
        self.entries = entries
    }
}

extension ArchiveListing.Entry {
    /// Looks at a data file; nil if it is gone.
    fileprivate init?(_ name: String, first: Height, on disk: some Disk) throws(DiskError) {
        guard let file = try disk.openIfThere(name) else { return nil }
        let path = disk.path(of: name)
        let found = try file.bytes(ArchiveHeader.byteCount, at: 0)
        let index = try disk.openIfThere(ArchiveFileName.index(first))
        // A file that is pruned goes before its index.
        if index == nil, try !disk.exists(name) { return nil }
        let copy = try index?.bytes(ArchiveHeader.byteCount, at: 0) ?? []
        let header = ArchiveHeader(found) ?? ArchiveHeader(copy)
        self.first = first
        self.name = name
        self.path = path
        byteCount = try file.size()
        self.header = header.flatMap { $0.first == first ? $0 : nil }
        hasDamagedHeader = header.map { $0.bytes != found || $0.bytes != copy } ?? true
        problem =
            if first == .genesis { .damagedHeader(path: path) } else if let header {
                header.first == first ? nil : .damagedHeader(path: path)
            } else { ArchiveHeader.reason(against: found, path: path) }
    }
}

extension Disk {
    /// Opens a file that exists; nil if it does not, or went meanwhile.
    func openIfThere(_ name: String) throws(DiskError) -> File? {
        do {
            return try open(name, .existing)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }
}
