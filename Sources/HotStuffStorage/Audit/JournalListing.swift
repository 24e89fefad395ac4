package import HotStuff

/// The segments of a journal as they stand in a directory, whether or not somebody writes them.
///
/// Nothing is opened for writing. A segment that goes while it is looked at is left out: it was removed.
package struct JournalListing: Sendable {
    /// A segment.
    package struct Entry: Sendable {
        /// Its number, by its name.
        package let number: UInt64
        /// Its path, for people.
        package let path: String
        /// Its length in bytes.
        package let byteCount: UInt64
        /// What its header says; none if it is of no use.
        let header: JournalHeader?
        /// Why it cannot be read, if it cannot.
        package let problem: JournalError?

        /// The height of the last final block when it was begun.
        package var committed: Height? { header.map { SegmentLabel.height(of: $0.label) } }
        /// Whose it is.
        package var identity: JournalIdentity? { header?.identity }
        /// The number of its first batch.
        package var firstSequence: UInt64? { header?.firstSequence }
    }

    /// The segments, in order.
    package let entries: [Entry]

    /// Looks at all segments of a directory.
    package init(of disk: some Disk) throws(DiskError) {
        var entries: [Entry] = []
        for number in try disk.names().compactMap(JournalSegment.number(of:)).sorted() {
            if let entry = try Entry(number, on: disk) { entries.append(entry) }
        }
        self.entries = entries
    }

    /// Whose journal it is, by the last segment that says so.
    package var identity: JournalIdentity? { entries.last { $0.header != nil }?.identity }

    /// The first thing that is wrong with the headers, or with their order.
    package func fault(on disk: some Disk) -> JournalError? {
        for (index, entry) in entries.enumerated() {
            if let problem = entry.problem { return problem }
            guard index > 0, let header = entry.header, let before = entries[index - 1].header else { continue }
            let previous = entries[index - 1]
            guard entry.number == previous.number + 1 else {
                return .missing(path: disk.path(of: JournalSegment.name(of: previous.number + 1)))
            }
            guard header.salt == before.salt, header.identity == before.identity else {
                return .misplaced(path: entry.path, reason: "it is of another journal than \(previous.path)")
            }
        }
        return nil
    }
}

extension JournalListing.Entry {
    /// Looks at a segment; nil if it is gone.
    fileprivate init?(_ number: UInt64, on disk: some Disk) throws(DiskError) {
        let name = JournalSegment.name(of: number)
        guard let file = try disk.openIfThere(name) else { return nil }
        self.number = number
        path = disk.path(of: name)
        byteCount = try file.size()
        do throws(JournalError) {
            let header = try JournalHeader.read(
                try file.bytes(ofHeader: JournalHeader.maximumByteCount),
                path: path
            )
            self.header = header
            problem =
                header.number == number
                ? nil : .misplaced(path: path, reason: "it is segment \(header.number)")
        } catch {
            header = nil
            problem = error
        }
    }
}

extension DiskFile {
    /// As `bytes(_:at:)`, in the words of a journal.
    fileprivate func bytes(ofHeader count: Int) throws(JournalError) -> [UInt8] {
        do {
            return try bytes(count, at: 0)
        } catch {
            throw .disk(error)
        }
    }
}
