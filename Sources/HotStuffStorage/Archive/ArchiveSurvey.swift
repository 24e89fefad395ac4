internal import HotStuff

/// What the heads in a data file, its index and its repairs tell of its blocks: the ground on which an index is rebuilt.
///
/// Complexity: O(entries of one file), in time and in memory.
struct ArchiveSurvey<Storage: Disk> {
    /// The entries of the data file whose heads are whole, ascending; where a height was written twice, the later one.
    private(set) var found: [ArchiveScanner<Storage.File>.Found] = []
    /// The length of the data file.
    let byteCount: UInt64
    private let first: Height
    private var indexed: [Height: ArchiveIndexEntry] = [:]
    private var repaired: [Height: ArchiveIndexEntry] = [:]

    /// Reads the heads of a data file, its index and its repairs.
    init(_ page: ArchivePage<Storage>, on disk: Storage) throws(DiskError) {
        let seal = page.file.seal
        first = page.file.first
        var scanner = try ArchiveScanner(page.handles.blocks, in: .blocks, from: first, seal)
        byteCount = scanner.fileSize
        while let entry = try scanner.next() {
            while let last = found.last, last.head.height >= entry.head.height { found.removeLast() }
            found.append(entry)
        }
        let count = try page.handles.index.size().subtractingReportingOverflow(ArchiveIndexEntry.start)
        if !count.overflow {
            let bytes = try page.handles.index.bytes(Int(clamping: count.partialValue), at: ArchiveIndexEntry.start)
            for (number, start) in stride(from: 0, to: bytes.count, by: ArchiveIndexEntry.byteCount).enumerated() {
                let height = Height(first.rawValue + UInt64(number))
                let slot = Array(bytes[start..<min(start + ArchiveIndexEntry.byteCount, bytes.count)])
                indexed[height] = .authentic(slot, of: height, seal)
            }
        }
        let name = ArchiveFileName.repairs(first)
        guard try disk.exists(name) else { return }
        let repairs = try disk.open(name, .existing)
        var repairScanner = try ArchiveScanner(repairs, in: .repairs, from: first, seal)
        while let entry = try repairScanner.next() {
            let place = entry.indexEntry(in: .repairs)
            if try repairs.entry(at: place, of: entry.head.height, seal) != nil { repaired[entry.head.height] = place }
        }
    }

    /// The last height of which something is known.
    var last: Height? { [found.last?.head.height, indexed.keys.max()].compactMap(\.self).max() }

    /// The height through which everything was durable, by what the heads and the index say, at least the one below the file.
    var durable: Height {
        let below = Height(first.rawValue - 1)
        return max(found.map(\.head.synced).max() ?? below, indexed.keys.max() ?? below, below)
    }

    /// Whether the data file ends where its last entry ends, with no hole before.
    var isUnbroken: Bool {
        guard let last = found.last else { return byteCount == ArchivePlace.blocks.start }
        return last.end == byteCount && last.head.height.rawValue - first.rawValue + 1 == UInt64(found.count)
    }

    /// The index of all heights through a last one; what nobody knows is `ArchiveIndexEntry.lost`.
    func index(through last: Height) -> [ArchiveIndexEntry] {
        guard last >= first else { return [] }
        var entries = [ArchiveIndexEntry](repeating: .lost, count: Int(last.rawValue - first.rawValue + 1))
        for entry in found where entry.head.height <= last {
            entries[Int(entry.head.height.rawValue - first.rawValue)] = entry.indexEntry(in: .blocks)
        }
        for place in entries.indices {
            let height = Height(first.rawValue + UInt64(place))
            if let entry = indexed[height], entry.isKnown { entries[place] = entry }
            if let entry = repaired[height] { entries[place] = entry }
        }
        return entries
    }

    /// Whether the index is what it should be, no more and no less.
    func hasIndex(_ entries: [ArchiveIndexEntry]) -> Bool {
        indexed.count == entries.count
            && entries.enumerated().allSatisfy { indexed[Height(first.rawValue + UInt64($0.offset))] == $0.element }
    }
}
