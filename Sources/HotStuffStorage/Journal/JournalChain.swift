internal import HotStuff

/// The segments of a journal as their headers tell, which are checked against each other.
struct JournalChain {
    /// A segment of which only the header has been read.
    struct Link {
        let header: JournalHeader
        let path: String
        let byteCount: UInt64

        var segment: JournalSegment {
            JournalSegment(number: header.number, label: header.label, byteCount: byteCount)
        }
    }

    /// At least one, with numbers that have no gap.
    private(set) var links: [Link]

    /// Reads the headers of all segments of a disk; nil if there is none.
    init?<Storage: Disk>(on disk: Storage, identity: JournalIdentity) throws(JournalError) {
        let numbers = try JournalChain.numbers(on: disk)
        guard let first = numbers.first else { return nil }
        links = []
        for (index, number) in numbers.enumerated() {
            let expected = first + UInt64(index)
            guard number == expected else {
                throw .missing(path: disk.path(of: JournalSegment.name(of: expected)))
            }
            let link = try JournalChain.link(number, on: disk, identity: identity)
            try link.checkPlace(number, behind: links.last)
            links.append(link)
        }
    }

    /// The numbers of the segments, in order.
    private static func numbers(on disk: some Disk) throws(JournalError) -> [UInt64] {
        do {
            let numbers = try disk.names().compactMap(JournalSegment.number(of:)).sorted()
            guard numbers.isEmpty, try disk.exists(formerName) else { return numbers }
        } catch {
            throw .disk(error)
        }
        throw .unknownFormat(path: disk.path(of: formerName), found: 1, known: JournalHeader.format)
    }

    private static func link(
        _ number: UInt64,
        on disk: some Disk,
        identity: JournalIdentity
    ) throws(JournalError) -> Link {
        let name = JournalSegment.name(of: number)
        var bytes = [UInt8](repeating: 0, count: JournalHeader.maximumByteCount)
        let byteCount: UInt64
        do {
            let file = try disk.open(name, .existing)
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            let count = try file.read(into: &buffer, at: 0)
            bytes.removeLast(bytes.count - count)
            byteCount = try file.size()
        } catch {
            throw .disk(error)
        }
        let path = disk.path(of: name)
        let header = try JournalHeader.check(bytes, against: identity, path: path)
        return Link(header: header, path: path, byteCount: byteCount)
    }

    /// The journal of the format before segments, which must not be overlooked.
    private static let formerName = "journal"
}

extension JournalChain.Link {
    /// Refuses a whole segment that is another one than its name or the one before it says.
    fileprivate func checkPlace(_ number: UInt64, behind previous: JournalChain.Link?) throws(JournalError) {
        guard header.number == number else {
            throw .misplaced(path: path, reason: "it is segment \(header.number)")
        }
        guard let previous else { return }
        guard header.salt == previous.header.salt else {
            throw .misplaced(path: path, reason: "it is of another journal than \(previous.path)")
        }
        guard header.firstSequence >= previous.header.firstSequence else {
            throw .misplaced(
                path: path,
                reason: "it begins with batch \(header.firstSequence), "
                    + "\(previous.path) with batch \(previous.header.firstSequence)"
            )
        }
    }

    /// Refuses to go on from the end of another segment, if it is not where this one begins.
    func checkBeginning(_ sequence: UInt64, behind previous: JournalChain.Link) throws(JournalError) {
        guard header.firstSequence == sequence else {
            throw .misplaced(
                path: previous.path,
                reason: "it ends before batch \(sequence), and \(path) begins with batch \(header.firstSequence)"
            )
        }
    }
}
