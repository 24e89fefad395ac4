import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Recovery where blocks above the newest intact snapshot are damaged")
struct DamagedArchiveTests {
    private let fixture: RecoveryFixture
    private let disk = SimulatedDisk()
    private static let configuration = ArchiveConfiguration(fileByteCount: 4_000)

    init() throws { fixture = try RecoveryFixture() }

    /// A hundred blocks, no intact snapshot, and damage at some heights.
    private func damage(_ heights: Int...) throws {
        fixture.grow(disk, through: 100) { Issue.record("\($0)") }
        for name in disk.snapshotNames { disk.flip(bit: 0, at: 100, of: name) }
        let archive = try BlockArchive.open(
            on: disk,
            chain: fixture.cluster.committee.chain,
            configuration: Self.configuration
        )
        for height in heights {
            let (name, range) = try archive.reader.bytes(of: Height(UInt64(height)))
            disk.flip(bit: 3, at: Int(range.lowerBound) + range.count - 5, of: name)
        }
    }

    private func neededBlocks() throws -> NeededBlocks {
        do throws(RecoveryFailure) {
            _ = try fixture.recover(disk)
        } catch {
            guard case .damaged(let blocks) = error else { throw error }
            return blocks
        }
        throw CancellationError()
    }

    @Test("a replica does not start, says which block of which file is damaged, and changes nothing")
    func refusal() throws {
        try damage(40, 70)
        let before = disk.contents
        let blocks = try neededBlocks()
        #expect(blocks.first == Height(40))
        #expect(blocks.last >= Height(79) && blocks.last <= Height(97))
        #expect(blocks.archived == Height(97))
        let line = RecoveryFailure.damaged(blocks).description
        #expect(line.contains("block 40") && line.contains("blocks-") && line.contains("another replica"), "\(line)")
        #expect(disk.contents == before)
    }

    @Test("when the blocks are put back, wrong ones refused, the replica starts with all that it had", arguments: 0..<8)
    func mends(seed: UInt64) throws {
        try damage(40, 70, 71)
        let blocks = try neededBlocks()
        var random = RandomSource(seed: seed)
        var archive = try DamagedArchive(
            needing: blocks,
            on: disk,
            chain: fixture.cluster.committee.chain,
            configuration: Self.configuration
        )
        #expect(archive.heights == [40, 70, 71].map { Height($0) })
        let wrong = fixture.blocks[39]
        let other = Block(header: wrong.header, payload: .empty, justify: wrong.justify)
        #expect(throws: ArchiveError.wrongRepair(Height(40))) { try archive.repair(other, by: nil) }
        #expect(archive.heights.count == 3)
        for height in [71, 70, 40] {
            try archive.repair(fixture.blocks[height - 1], by: nil)
            guard height == 70, seed > 3 else { continue }
            // The power fails between two repairs: what was repaired stays so.
            disk.losePower(seed: random.next())
            archive = try DamagedArchive(
                needing: neededBlocks(),
                on: disk,
                chain: fixture.cluster.committee.chain,
                configuration: Self.configuration
            )
            #expect(archive.heights == [Height(40)], "seed \(seed)")
        }
        #expect(archive.heights.isEmpty, "seed \(seed)")
        let recovered = try fixture.recover(disk)
        #expect(recovered.execution.executed == fixture.executed(through: 97), "seed \(seed)")
        #expect(recovered.state?.committed == fixture.blocks[96], "seed \(seed)")
        #expect(try recovered.keeper.reader.damagedHeights(in: Height(1)...Height(97)) == [], "seed \(seed)")
    }

    @Test(
        "after a power cut right after a start the archive's end, if it rots too, is still known to have been there",
        arguments: 90...100
    )
    func knownEnd(blockCount: Int) throws {
        fixture.grow(disk, through: blockCount) { Issue.record("\($0)") }
        for name in disk.snapshotNames { try disk.remove(name) }
        let recovered = try fixture.recover(disk)
        let end = recovered.keeper.durableHeight
        let (name, range) = try recovered.keeper.reader.bytes(of: end)
        disk.flip(bit: 1, at: Int(range.lowerBound) + range.count / 2, of: name)
        disk.losePowerAndEverythingUnsynced()
        let archive = try BlockArchive.open(
            on: disk,
            chain: fixture.cluster.committee.chain,
            configuration: Self.configuration
        )
        #expect(archive.height == end && end > Height(80))
    }
}
