package import HotStuff

/// What is in a data directory, read without any change and without a lock, whether or not a replica runs on it.
package struct DirectoryInspection: Sendable {
    /// A data file of the archive.
    package struct ArchivePart: Sendable {
        /// The file as it stands.
        package let entry: ArchiveListing.Entry
        /// The height of its last block; none if it has none, or if nobody can tell.
        package let last: Height?
        /// What is wrong with it, as far as a look shows.
        package let problem: String?
    }

    /// A snapshot.
    package struct Snapshot: Sendable {
        /// Its height, by its name.
        package let height: Height
        /// Its file, as a path.
        package let path: String
        /// What it is of; none if its end is damaged.
        package let manifest: SnapshotManifest?
        /// What is wrong with it; none if every byte is as it was written.
        package let problem: String?
        /// Whether a certificate is kept beside it.
        package let hasCertificate: Bool
    }

    /// The small files.
    package let marks: DirectoryMarks
    /// The segments of the journal.
    package let segments: JournalListing
    /// What their records come to.
    package let journal: JournalSummary
    /// The data files of the archive.
    package let archive: [ArchivePart]
    /// The bytes behind the last whole block of the archive: what was being written.
    package let archiveTornBytes: UInt64
    /// The snapshots, upwards.
    package let snapshots: [Snapshot]
    /// The chain of all of it, by the first of journal, archive and snapshots that tells it.
    package let chain: Digest?

    /// Looks at a directory.
    ///
    /// The journal, the last data file and the snapshots are read whole; of the other data files only the headers and ends.
    ///
    /// - Parameter mark: the mark of a journal that is not synced, which knows the directory and this start of the machine.
    /// - Throws: how the disk failed.
    package init<Storage: Disk>(under mark: UnsyncedMark<Storage>) throws(DiskError) {
        let disk = mark.disk
        marks = try DirectoryMarks(under: mark)
        segments = try JournalListing(of: disk)
        journal = try JournalSummary(segments, on: disk)
        let listing = try ArchiveListing(of: disk)
        var parts: [ArchivePart] = []
        for (index, entry) in listing.entries.enumerated() where index + 1 < listing.entries.count {
            parts.append(try ArchivePart(entry, before: listing.entries[index + 1], on: disk))
        }
        var torn: UInt64 = 0
        if let last = listing.entries.last { parts.append(try ArchivePart(last: last, &torn, on: disk)) }
        archive = parts
        archiveTornBytes = torn
        if let known = segments.identity?.chain ?? listing.entries.last?.chain {
            chain = known
        } else {
            chain = try SnapshotClaims<Storage>.chain(of: disk)
        }
        snapshots = try Self.snapshots(on: disk, chain: chain)
    }

    /// Whether there is nothing of a replica in it.
    package var isEmpty: Bool { segments.entries.isEmpty && archive.isEmpty && snapshots.isEmpty }

    private static func snapshots(on disk: some Disk, chain: Digest?) throws(DiskError) -> [Snapshot] {
        guard let chain else { return [] }
        let found = try SnapshotClaims(of: disk, chain: chain)
        var snapshots: [Snapshot] = []
        for claim in found.claims {
            var problem = claim.problem
            do throws(SnapshotStoreError) {
                try claim.reader?.check()
            } catch {
                problem = error
            }
            let certificate = SnapshotFile.name(of: claim.height) + SnapshotFile.certificateSuffix
            snapshots.append(
                Snapshot(
                    height: claim.height,
                    path: claim.path,
                    manifest: claim.reader?.manifest,
                    problem: problem?.description,
                    hasCertificate: try disk.exists(certificate)
                )
            )
        }
        return snapshots
    }
}

extension DirectoryInspection.ArchivePart {
    /// Looks at a data file that another one follows: its header, and the end of its index.
    fileprivate init(
        _ entry: ArchiveListing.Entry,
        before next: ArchiveListing.Entry,
        on disk: some Disk
    ) throws(DiskError) {
        self.entry = entry
        last = Height(max(next.first.rawValue, 1) - 1)
        if let problem = entry.problem {
            self.problem = problem.description
            return
        }
        guard !entry.hasDamagedHeader, let header = entry.header, let last, last >= header.first else {
            problem = "its header or the copy of it in the index is damaged"
            return
        }
        let index = try disk.openIfThere(ArchiveFileName.index(entry.first))
        let offset = ArchiveIndexEntry.offset(of: last, first: entry.first)
        let slot = try index?.bytes(ArchiveIndexEntry.byteCount, at: offset) ?? []
        let end = ArchiveIndexEntry.authentic(slot, of: last, ArchiveFile(header).seal)
        problem =
            if let end, let parent = next.parent, end.block != parent {
                "it does not end where \(next.name) begins"
            } else if end == nil { "its index does not reach the block below \(next.name)" } else { nil }
    }

    /// Reads the last data file.
    fileprivate init<Storage: Disk>(
        last entry: ArchiveListing.Entry,
        _ tornBytes: inout UInt64,
        on disk: Storage
    ) throws(DiskError) {
        self.entry = entry
        guard entry.problem == nil, let header = entry.header,
            var walk = try ArchiveFileWalk(header, through: nil, on: disk)
        else {
            last = nil
            problem = entry.problem?.description
            return
        }
        var problem = entry.hasDamagedHeader ? "its header or the copy of it in the index is damaged" : nil
        var last: Height?
        reading: while true {
            switch try walk.step() {
            case .block(let entry): last = entry.block.height
            case .damaged(let height, _):
                problem = problem ?? "block \(height) is damaged"
                last = height
            case .misplaced(let height):
                problem = problem ?? "block \(height) is where block \(walk.next) should be"
            case .end(let torn):
                tornBytes = torn
                break reading
            }
        }
        self.last = last
        self.problem = problem
    }
}
