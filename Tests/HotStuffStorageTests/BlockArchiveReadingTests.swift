import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Reading from a block archive")
struct BlockArchiveReadingTests {
    @Test("ranges of 10,000 blocks in several files costs what is read, and few files are open")
    func manyBlocks() throws {
        let chain = try ArchiveFixture(count: 10_000)
        let disk = CountingDisk(SimulatedDisk())
        var archive = try chain.open(disk, fileByteCount: 400_000)
        for first in stride(from: 1, through: 10_000, by: 100) {
            try chain.append(first...first + 99, to: &archive)
            if first % 500 == 1 { try archive.sync() }
        }
        try archive.sync()
        let reader = try chain.open(disk, fileByteCount: 400_000).reader
        #expect(reader.height == Height(10_000))
        let fileCount = try disk.names().count { $0.hasPrefix("blocks") }
        #expect(fileCount > 8)
        var random = RandomSource(seed: 4)
        for _ in 0..<150 {
            let above = Int.random(in: 0...10_000, using: &random)
            let count = Int.random(in: 0...64, using: &random)
            let before = disk.now.bytesRead
            let blocks = try reader.blocks(
                above: Height(UInt64(above)),
                through: Height(.max),
                maximumCount: count,
                maximumBytes: .max
            )
            let expected = Array(chain.blocks[above..<min(above + count, 10_000)])
            #expect(blocks == expected, "\(count) blocks above \(above)")
            let bytesRead = disk.now.bytesRead - before
            let size = expected.reduce(0) { $0 + $1.encoded.count }
            #expect(bytesRead <= size + expected.count * 1_000, "\(count) blocks above \(above): \(bytesRead) bytes")
        }
        // Those of the reader, those of the first archive, the tail of each.
        #expect(disk.now.mostOpen <= 4 * (4 + 2))
    }

    @Test("a range ends at its limits, and its first block comes whatever it takes")
    func limits() throws {
        let chain = try ArchiveFixture.long.get()
        let disk = SimulatedDisk()
        try chain.fill(disk, step: 10)
        let reader = try chain.open(disk).reader
        func heights(_ above: UInt64, _ last: UInt64, _ count: Int = 64, _ bytes: Int = 1 << 20) throws -> [UInt64] {
            try reader.blocks(above: Height(above), through: Height(last), maximumCount: count, maximumBytes: bytes)
                .map(\.height.rawValue)
        }
        #expect(try heights(3, 6) == [4, 5, 6])
        #expect(try heights(6, 6).isEmpty)
        #expect(try heights(0, 99, 3) == [1, 2, 3])
        #expect(try heights(298, 999) == [299, 300])
        #expect(try heights(300, 999).isEmpty)
        #expect(try heights(.max, .max).isEmpty)
        #expect(try heights(4, 9, 64, 1) == [5])
        #expect(try heights(4, 9, 64, 3 * chain.block(6).encoded.count) == [5, 6, 7])
    }

    @Test("goes on from other threads while blocks are appended, repaired and pruned")
    func concurrent() async throws {
        let chain = try ArchiveFixture(count: 400)
        let disk = SimulatedDisk()
        var archive = try chain.open(disk, retention: .last(100))
        try chain.append(1...1, to: &archive)
        let reader = archive.reader
        let wrong = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<3 as Range<UInt64> {
                group.addTask {
                    var random = RandomSource(seed: seed)
                    var wrong = 0
                    while reader.height < Height(400) {
                        let height = Height(.random(in: 1...400, using: &random))
                        do throws(ArchiveError) {
                            if try reader.block(at: height) != chain.blocks[Int(height.rawValue) - 1] { wrong += 1 }
                        } catch {
                            if error != .missing(height) { wrong += 1 }
                        }
                    }
                    return wrong
                }
            }
            do {
                for height in 2...400 {
                    try chain.append(height...height, to: &archive)
                    if height % 7 == 0 { try archive.sync() }
                    if height % 50 == 0 { try archive.prune(snapshotHeight: Height(UInt64(height))) }
                }
            } catch {
                Issue.record("\(error)")
                // The others would wait for ever.
                return -1
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test("works on a disk of the operating system")
    func realDisk() throws {
        let chain = try ArchiveFixture.long.get()
        let directory = try TemporaryDirectory()
        do {
            var archive = try chain.open(try RealDisk(path: directory.path, createIfMissing: false))
            for first in stride(from: 1, through: 200, by: 4) {
                try chain.append(first...first + 3, to: &archive)
                if first % 5 == 1 { try archive.sync() }
            }
            try archive.sync()
        }
        let disk = try RealDisk(path: directory.path, createIfMissing: false)
        var archive = try chain.open(disk, retention: .sinceSnapshot)
        let blocks = try archive.reader.blocks(
            above: .genesis,
            through: Height(200),
            maximumCount: 200,
            maximumBytes: .max
        )
        #expect(blocks == Array(chain.blocks[..<200]))
        #expect(try archive.prune(snapshotHeight: Height(100)) > 5)
        #expect(archive.firstHeight <= Height(101))
        #expect(try archive.reader.block(at: Height(101)) == chain.block(101))
        #expect(try archive.reader.damagedHeights(in: Height(1)...Height(.max)).isEmpty)
    }
}
