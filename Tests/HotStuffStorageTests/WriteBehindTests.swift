import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("A file that grows without syncs")
struct WriteBehindTests {
    private let disk = CountingDisk(SimulatedDisk())
    private let record = [UInt8](repeating: 7, count: 100_000)

    private func open(_ durability: Durability) throws -> Journal<CountingDisk<SimulatedDisk>> {
        var records: [[UInt8]] = []
        return try openJournal(on: disk, durability, segmentBytes: 64 << 20, replaying: &records)
    }

    /// Whether each part is long enough, ends with a page, and begins where the one before it ends.
    private func areParts(_ ranges: [Range<UInt64>]) -> Bool {
        zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
            && ranges.allSatisfy { $0.count >= 1 << 20 && $0.upperBound % 4_096 == 0 }
    }

    @Test("is brought to the medium a megabyte at a time: a journal")
    func journal() throws {
        var journal = try open(.processCrash)
        let begin = journal.byteCount
        for _ in 0..<52 { _ = try journal.append([record]) }
        let ranges = disk.now.started
        #expect(ranges.count == 4 && areParts(ranges) && ranges.first?.lowerBound == begin)
        // What has not been asked for is less than is asked for at a time.
        let end = try #require(ranges.last).upperBound
        #expect(end <= journal.byteCount && journal.byteCount - end < (1 << 20) + 4_096)
    }

    @Test("begins anew with each segment, behind what was synced with its birth")
    func segments() throws {
        var journal = try open(.processCrash)
        for _ in 0..<15 { _ = try journal.append([record]) }
        #expect(disk.now.started.count == 1)
        _ = try journal.startSegment([JournalEntry(record)], label: [1])
        let begin = journal.byteCount
        for _ in 0..<12 { _ = try journal.append([record]) }
        #expect(disk.now.started.count == 2 && disk.now.started.last?.lowerBound == begin)
    }

    @Test("goes on where an opened journal ends")
    func reopened() throws {
        var begin: UInt64 = 0
        do {
            var journal = try open(.processCrash)
            for _ in 0..<5 { _ = try journal.append([record]) }
            begin = journal.byteCount
        }
        #expect(disk.now.started.isEmpty)
        var journal = try open(.processCrash)
        for _ in 0..<12 { _ = try journal.append([record]) }
        #expect(disk.now.started.map(\.lowerBound) == [begin])
    }

    @Test("needs nothing of it where each batch is synced")
    func synced() throws {
        var journal = try open(.powerLoss)
        for _ in 0..<30 { _ = try journal.append([record]) }
        #expect(disk.now.started.isEmpty)
    }

    @Test("is brought to the medium a megabyte at a time: an archive, in each of its files")
    func archive() throws {
        let chain = try ArchiveFixture(count: 60, bodyByteCount: 60_000)
        var archive = try chain.open(disk, fileByteCount: 2 << 20)
        for height in 1...60 { try chain.append(height...height, to: &archive) }
        let starts = disk.now.started.filter { $0.lowerBound < 1 << 20 }
        #expect(starts.count == 2 && disk.now.started.count == 2)
        #expect(areParts(Array(starts.prefix(1))) && areParts(Array(starts.suffix(1))))
        try archive.sync()
        #expect(archive.durableHeight == Height(60))
    }

    @Test("has the same content on a real disk, whatever is asked of it")
    func real() throws {
        let temporary = try TemporaryDirectory()
        let real = try RealDisk(path: temporary.path + "/data", createIfMissing: true)
        let file = try real.open("file", .createEmpty)
        try file.write(record.span.bytes, at: 0)
        for range: Range<UInt64> in [0..<4_096, 0..<0, 50_000..<1_000_000, (.max - 1)..<(.max)] {
            file.startWriting(range)
        }
        try file.syncData()
        var bytes = [UInt8](repeating: 0, count: 100_001)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let count = try file.read(into: &buffer, at: 0)
        #expect(count == 100_000 && Array(bytes.prefix(count)) == record)
    }
}
