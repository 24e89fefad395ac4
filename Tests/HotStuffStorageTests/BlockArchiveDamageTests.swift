import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("A damaged block archive")
struct BlockArchiveDamageTests {
    private let chain: ArchiveFixture
    /// Two data files of two blocks each and their indexes.
    private let files: [(name: String, bytes: [UInt8])]

    private static let count = 4
    private static let fileByteCount: UInt64 = 1_000

    init() throws {
        chain = try ArchiveFixture.long.get()
        let disk = SimulatedDisk()
        var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
        for height in 1...Self.count {
            try chain.append(height...height, to: &archive)
            try archive.sync()
        }
        files = disk.files
        #expect(files.count == 4)
    }

    /// Reads everything; gives the heights that are damaged, after checking that all others are right.
    private func damage(
        _ reader: BlockArchiveReader<SimulatedDisk>,
        _ context: Comment
    ) throws(ArchiveError) -> [Int] {
        var damaged: [Int] = []
        for height in 1...Int(reader.height.rawValue) {
            let place = Height(UInt64(height))
            do throws(ArchiveError) {
                let block = try reader.block(at: place)
                #expect(block == chain.block(height) || block == chain.differentlySigned(height), context)
            } catch {
                #expect(error == .damaged(place), context)
                damaged.append(height)
            }
        }
        let listed = try reader.damagedHeights(in: Height(0)...Height(.max))
        #expect(listed == damaged.map { Height(UInt64($0)) }, context)
        return damaged
    }

    @Test("with a flipped bit anywhere gives every block right or says its height, and can be repaired and continued")
    func flippedBits() throws {
        for (name, bytes) in files {
            for offset in bytes.indices {
                let disk = SimulatedDisk(files)
                disk.flip(bit: offset % 8, at: offset, of: name)
                let context: Comment = "byte \(offset) of \(name)"
                var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
                #expect(archive.height == Height(UInt64(Self.count)), context)
                let damaged = try damage(archive.reader, context)
                #expect(damaged.count <= (name.hasPrefix("blocks") ? 1 : 0), context)
                for height in damaged {
                    #expect(try archive.reader.holds(chain.block(height).id, at: Height(UInt64(height))), context)
                    try archive.repair(chain.block(height), certificate: nil)
                }
                try chain.append(Self.count - 1...Self.count + 2, to: &archive)
                try archive.sync()
                #expect(try damage(archive.reader, context) == [], context)
                disk.losePowerAndEverythingUnsynced()
                let again = try chain.open(disk, fileByteCount: Self.fileByteCount)
                #expect(again.height == Height(UInt64(Self.count + 2)), context)
                #expect(try damage(again.reader, context) == [], context)
            }
        }
    }

    @Test("in use gives every block right or says its height")
    func flippedWhileOpen() throws {
        for (name, bytes) in files {
            for offset in stride(from: 0, to: bytes.count, by: 7) {
                let disk = SimulatedDisk(files)
                let archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
                disk.flip(bit: offset % 8, at: offset, of: name)
                let damaged = try damage(archive.reader, "byte \(offset) of \(name)")
                #expect(damaged.count <= 1, "byte \(offset) of \(name)")
            }
        }
    }

    @Test("without its indexes loses at most its last block to a flipped bit, as if that had been torn")
    func flippedWithoutIndex() throws {
        let blocks = files.filter { $0.name.hasPrefix("blocks") }
        for (name, bytes) in blocks {
            for offset in stride(from: 148, to: bytes.count, by: 3) {
                let disk = SimulatedDisk(blocks)
                disk.flip(bit: offset % 8, at: offset, of: name)
                let context: Comment = "byte \(offset) of \(name)"
                var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
                #expect(archive.height >= Height(UInt64(Self.count - 2)), context)
                let damaged = try damage(archive.reader, context)
                #expect(damaged.count + Self.count - Int(archive.height.rawValue) <= 2, context)
                #expect(damaged.isEmpty || archive.height == Height(UInt64(Self.count)), context)
                for height in damaged.reversed() { try archive.repair(chain.block(height), certificate: nil) }
                try chain.append(Self.count - 1...Self.count + 1, to: &archive)
                try archive.sync()
                #expect(try damage(archive.reader, context) == [], context)
            }
        }
    }

    @Test(
        "without its index keeps what is known to have been durable, damaged or not, and cuts off what else is behind a hole"
    )
    func knownFromElsewhere() throws {
        let written = SimulatedDisk()
        var archive = try chain.open(written, fileByteCount: 1 << 20)
        try chain.append(1...4, to: &archive)
        try archive.sync()
        let file = try #require(written.files.first { $0.name.hasPrefix("blocks") })
        let place = try archive.reader.bytes(of: Height(3))
        let expectations: [(known: UInt64, height: UInt64, damaged: [Int])] = [
            (0, 2, []), (2, 2, []), (3, 4, [3]), (4, 4, [3]), (.max, 4, [3]),
        ]
        for (known, height, damaged) in expectations {
            let disk = SimulatedDisk([file])
            disk.flip(bit: 1, at: Int(place.range.lowerBound) + place.range.count / 2, of: file.name)
            let context: Comment = "durable through \(known)"
            var archive = try chain.open(disk, fileByteCount: 1 << 20, durableThrough: Height(known))
            #expect(archive.height == Height(height), context)
            #expect(try damage(archive.reader, context) == damaged, context)
            for height in damaged { try archive.repair(chain.block(height), certificate: nil) }
            try chain.append(Int(height) + 1...6, to: &archive)
            try archive.sync()
            #expect(try damage(archive.reader, context) == [], context)
        }
    }

    @Test("whose indexes are gone, short or garbled reads as before", arguments: 0..<6)
    func indexes(kind: Int) throws {
        let disk = SimulatedDisk()
        for (name, bytes) in files {
            guard name.hasPrefix("index") else {
                disk.place(bytes, as: name)
                continue
            }
            switch kind {
            case 0: break
            case 1: disk.place([], as: name)
            case 2: disk.place(Array(bytes.prefix(100)), as: name)
            case 3: disk.place(Array(bytes.dropLast(70)), as: name)
            case 4: disk.place(bytes.map { $0 ^ 0x5A }, as: name)
            default: disk.place(Array(bytes.prefix(200)) + bytes.dropFirst(200).map { $0 &+ 1 }, as: name)
            }
        }
        let archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
        #expect(archive.height == Height(UInt64(Self.count)))
        #expect(try damage(archive.reader, "kind \(kind)") == [])
        for (name, bytes) in files where name.hasPrefix("index") {
            // Between header and entries there are bytes that mean nothing.
            #expect(disk[name]?.prefix(148) == bytes.prefix(148), "kind \(kind)")
            #expect(disk[name]?.dropFirst(192) == bytes.dropFirst(192), "kind \(kind)")
        }
    }

    @Test("reads past a hole in an index, which is rebuilt on demand")
    func indexHole() throws {
        let name = files[2].name
        #expect(name == "index-00000000000000000001")
        let disk = SimulatedDisk(files)
        disk.flip(bit: 1, at: 200, of: name)
        var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
        #expect(disk[name] != files[2].bytes)
        #expect(try damage(archive.reader, "hole") == [])
        #expect(try archive.rebuildDamagedIndexes() == 1)
        #expect(disk[name] == files[2].bytes)
        #expect(try archive.rebuildDamagedIndexes() == 0)
        #expect(try damage(archive.reader, "rebuilt") == [])
    }

    @Test("cut anywhere in its last file keeps what the index names, damaged, and is repaired")
    func cut() throws {
        let (name, bytes) = try #require(files.last { $0.name.hasPrefix("blocks") })
        for length in stride(from: 0, to: bytes.count, by: 5) {
            let disk = SimulatedDisk(files)
            disk.truncate(name, by: bytes.count - length)
            var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
            #expect(archive.height == Height(UInt64(Self.count)), "cut at \(length)")
            for height in try damage(archive.reader, "cut at \(length)") {
                try archive.repair(chain.block(height), certificate: nil)
            }
            try chain.append(Self.count + 1...Self.count + 1, to: &archive)
            try archive.sync()
            disk.losePowerAndEverythingUnsynced()
            let again = try chain.open(disk, fileByteCount: Self.fileByteCount)
            #expect(again.height == Height(UInt64(Self.count + 1)), "cut at \(length)")
            #expect(try damage(again.reader, "cut at \(length)") == [], "cut at \(length)")
        }
    }

    @Test("takes only the same block in place of a damaged one, whoever signed its justification")
    func repairs() throws {
        let disk = SimulatedDisk(files)
        let name = files[0].name
        disk.flip(bit: 2, at: 148 + 85 + 250, of: name)
        var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
        #expect(try damage(archive.reader, "") == [1])
        let block = chain.block(1)
        let wrong = [
            Block(header: block.header, payload: .empty, justify: block.justify),
            Block(header: block.header, payload: block.payload, justify: chain.block(3).justify),
        ]
        for block in wrong {
            let refused = refusal { () throws(ArchiveError) in try archive.repair(block, certificate: nil) }
            #expect(refused == .wrongRepair(Height(1)))
        }
        let certificate = refusal { () throws(ArchiveError) in
            try archive.repair(block, certificate: chain.finality(2))
        }
        #expect(certificate == .wrongRepair(Height(1)))
        try archive.repair(chain.block(2), certificate: nil)
        #expect(disk["repairs-00000000000000000001"] == nil, "a block that is not damaged is left alone")
        let fetched = chain.differentlySigned(1)
        try archive.repair(fetched, certificate: chain.finality(1))
        #expect(try archive.reader.block(at: Height(1)) == fetched)
        #expect(try archive.reader.finality(of: Height(1))?.certificate == chain.finality(1))
        disk.losePowerAndEverythingUnsynced()
        let again = try chain.open(disk, fileByteCount: Self.fileByteCount)
        #expect(try again.reader.block(at: Height(1)) == fetched)
    }

    @Test("is repaired or not when the power fails meanwhile, and the repair goes with its data file")
    func repairCrashes() throws {
        for seed in 0..<60 as Range<UInt64> {
            let disk = SimulatedDisk(files)
            var random = RandomSource(seed: seed)
            disk.flip(bit: 2, at: 148 + 85 + 250, of: files[0].name)
            var isRepaired = false
            for _ in 0..<4 {
                disk.clearFaults()
                for _ in 0..<Int.random(in: 0..<9, using: &random) % 5 { disk.interruptNextSync() }
                do throws(ArchiveError) {
                    var archive = try chain.open(disk, fileByteCount: Self.fileByteCount)
                    let damaged = try damage(archive.reader, "seed \(seed)")
                    let isExpected = damaged == [] || damaged == [1] && !isRepaired
                    #expect(isExpected, "seed \(seed)")
                    try archive.repair(chain.block(1), certificate: nil)
                    isRepaired = true
                } catch {
                    guard case .disk = error else { throw error }
                }
                disk.losePower(seed: random.next())
            }
            disk.clearFaults()
            disk.killProcess()
            try prune(disk)
        }
    }

    private func prune(_ disk: SimulatedDisk) throws {
        var archive = try chain.open(disk, fileByteCount: Self.fileByteCount, retention: .sinceSnapshot)
        try archive.repair(chain.block(1), certificate: nil)
        #expect(try disk.names().contains("repairs-00000000000000000001"))
        #expect(try archive.prune(snapshotHeight: Height(UInt64(Self.count))) >= 1)
        #expect(try disk.names().allSatisfy { !$0.hasSuffix("-00000000000000000001") })
    }
}
