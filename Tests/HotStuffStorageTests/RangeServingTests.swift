import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

/// Final blocks by height, out of an archive, with what proves them.
@Suite("Serving ranges")
struct RangeServingTests {
    private let fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture.long.get() }

    /// A shelf of the first 100 blocks, kept in runs of ten, each under the certificate of its last.
    private func shelf(bare: ClosedRange<Int>? = nil) throws -> BlockShelf<SimulatedDisk> {
        var archive = try fixture.open(SimulatedDisk())
        for start in stride(from: 1, through: 100, by: 10) {
            let run = (start..<(start + 10)).map { height in
                bare?.contains(height) == true ? fixture.block(height).bare : fixture.block(height)
            }
            try archive.append(run, finality: fixture.finality(start + 9))
        }
        return BlockShelf(archive.reader)
    }

    private func ask(_ shelf: BlockShelf<SimulatedDisk>, _ above: UInt64, _ through: UInt64) throws -> BlockRange {
        try shelf.answer(RangeRequest(above: Height(above), through: Height(through)))
    }

    private func check(_ range: BlockRange, above: UInt64, reaches height: UInt64) throws {
        #expect(range.above == Height(above))
        #expect(range.blocks.first?.height == Height(above + 1))
        let last = try #require(range.blocks.last)
        #expect(last.height >= Height(height))
        #expect(range.certificate?.statement.commits == last.id)
        for (below, next) in zip(range.blocks, range.blocks.dropFirst()) { #expect(next.header.parent == below.id) }
        #expect(range.blocks.allSatisfy { $0.isBare || $0.height == Height(1) })
    }

    @Test("a range reaches as far as was asked, and further up to the next block that a certificate commits")
    func reaches() throws {
        let shelf = try shelf()
        try check(ask(shelf, 0, 20), above: 0, reaches: 20)
        try check(ask(shelf, 33, 47), above: 33, reaches: 47)
        try check(ask(shelf, 99, 100), above: 99, reaches: 100)
        try check(ask(shelf, 5, 4_000), above: 5, reaches: 100)
    }

    @Test(
        "what is not there is not served",
        arguments: [(100, 120), (150, 160), (20, 20), (30, 10), (UInt64.max, UInt64.max)]
    )
    func nothing(above: UInt64, through: UInt64) throws {
        #expect(try ask(shelf(), above, through) == BlockRange(nothingAbove: Height(above)))
    }

    @Test("final blocks that nothing in the archive proves yet are served one by one, and not in ranges")
    func unproved() throws {
        var archive = try fixture.open(SimulatedDisk())
        try archive.append((1...10).map { fixture.block($0) }, finality: fixture.finality(10))
        let shelf = BlockShelf(archive.reader, unproved: (11...13).map { fixture.block($0) })
        func blocks(_ target: Int, above: UInt64, pending: ClosedRange<Int>? = nil) throws -> [Height] {
            let block = fixture.block(target)
            return try shelf.answer(
                BlockRequest(target: block.id, at: block.height, above: Height(above)),
                pending: pending?.map { fixture.block($0) } ?? []
            ).blocks.map(\.height)
        }
        func heights(_ range: ClosedRange<UInt64>) -> [Height] { range.map { Height($0) } }
        #expect(try blocks(12, above: 8) == heights(9...12))
        #expect(try blocks(13, above: 11) == heights(12...13))
        #expect(try blocks(15, above: 7, pending: 14...15) == heights(8...15))
        #expect(try blocks(14, above: 7).isEmpty)
        #expect(try ask(shelf, 8, 13).blocks.last?.height == Height(10))
        #expect(try ask(shelf, 10, 13) == BlockRange(nothingAbove: Height(10)))
        // What the archive got since is read there.
        try archive.append((11...20).map { fixture.block($0) }, finality: fixture.finality(20))
        #expect(try blocks(12, above: 8) == heights(9...12))
        #expect(try blocks(18, above: 12) == heights(13...18))
    }

    @Test(
        "blocks that came without certificates are served by height with a proof, and not to those who ask for certificates"
    )
    func bareBlocks() throws {
        let shelf = try shelf(bare: 21...60)
        let range = try ask(shelf, 20, 45)
        #expect(range.blocks.first?.height == Height(21))
        let last = try #require(range.blocks.last)
        #expect(last.height >= Height(45) && range.certificate?.statement.commits == last.id)
        let target = fixture.block(50)
        let one = try shelf.answer(BlockRequest(target: target.id, at: target.height, above: Height(15)), pending: [])
        #expect(one.blocks.map(\.height) == (16...20).map { Height($0) })
        let none = try shelf.answer(BlockRequest(target: target.id, at: target.height, above: Height(30)), pending: [])
        #expect(none.blocks.isEmpty)
        let tail = try shelf.answer(
            BlockRequest(target: fixture.block(101).id, at: Height(101), above: Height(98)),
            pending: [fixture.block(101)]
        )
        #expect(tail.blocks.map(\.height) == [Height(99), Height(100), Height(101)])
    }
}
