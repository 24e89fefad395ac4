import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("A block archive over losses of power")
struct BlockArchiveCrashTests {
    /// Each round opens, checks all blocks, appends until something fails or the round is over, then the power or the process goes.
    @Test("never loses what was synced, holds nothing but its chain, and goes on", arguments: 0..<120 as Range<UInt64>)
    func randomCrashes(seed: UInt64) throws {
        let chain = try ArchiveFixture.long.get()
        var random = RandomSource(seed: seed)
        let disk = SimulatedDisk()
        var synced = 0
        for round in 0..<15 {
            inject([.write, .sync, .rename, .syncDirectory], into: disk, using: &random)
            do throws(ArchiveError) {
                var archive = try chain.open(disk)
                var height = Int(archive.height.rawValue)
                #expect(height >= synced, "seed \(seed), round \(round): \(height) of \(synced)")
                #expect(archive.durableHeight == archive.height)
                let blocks = try archive.reader.blocks(
                    above: .genesis,
                    through: Height(300),
                    maximumCount: 300,
                    maximumBytes: .max
                )
                #expect(blocks == Array(chain.blocks[..<height]), "seed \(seed), round \(round)")
                synced = height
                for _ in 0..<Int.random(in: 0..<8, using: &random) where height < 290 {
                    // The journal often has blocks that the archive has too.
                    let first = max(1, height + 1 - Int.random(in: 0..<3, using: &random))
                    let last = height + Int.random(in: 1...4, using: &random)
                    try chain.append(first...last, to: &archive)
                    height = last
                    guard Int.random(in: 0..<3, using: &random) == 0 else { continue }
                    try archive.sync()
                    synced = height
                }
            } catch {
                guard case .disk = error else {
                    Issue.record("seed \(seed), round \(round): \(error)")
                    return
                }
            }
            crash(disk, using: &random)
        }
    }

    @Test("prunes whole files by its policy and keeps the rest, whatever fails", arguments: 0..<80 as Range<UInt64>)
    func prunes(seed: UInt64) throws {
        let chain = try ArchiveFixture.long.get()
        var random = RandomSource(seed: seed)
        let disk = SimulatedDisk()
        let retention: ArchiveConfiguration.Retention = [.all, .last(25), .sinceSnapshot][Int(seed % 3)]
        var synced = 0
        var snapshot = 0
        for round in 0..<12 {
            inject([.remove, .sync, .syncDirectory], into: disk, using: &random)
            do throws(ArchiveError) {
                var archive = try chain.open(disk, retention: retention)
                let height = Int(archive.height.rawValue)
                let first = Int(archive.firstHeight.rawValue)
                #expect(height >= synced, "seed \(seed), round \(round)")
                switch retention {
                case .all: #expect(first == 1, "seed \(seed), round \(round)")
                case .last(let count):
                    #expect(first <= max(1, height - Int(count) + 1), "seed \(seed), round \(round)")
                    #expect(first <= snapshot + 1, "seed \(seed), round \(round)")
                case .sinceSnapshot: #expect(first <= snapshot + 1, "seed \(seed), round \(round)")
                }
                let blocks = try archive.reader.blocks(
                    above: Height(UInt64(first - 1)),
                    through: Height(300),
                    maximumCount: 300,
                    maximumBytes: .max
                )
                #expect(blocks == Array(chain.blocks[first - 1..<height]), "seed \(seed), round \(round)")
                try chain.append(height + 1...height + 20, to: &archive)
                try archive.sync()
                synced = height + 20
                snapshot = Int.random(in: snapshot...synced, using: &random)
                try archive.prune(snapshotHeight: Height(UInt64(snapshot)))
                if case .sinceSnapshot = retention {
                    let kept = archive.firstHeight.rawValue
                    #expect(kept + 12 > min(UInt64(snapshot), UInt64(synced) - 12), "seed \(seed), round \(round)")
                }
                let oldest = try archive.reader.block(at: archive.firstHeight)
                #expect(oldest.height == archive.firstHeight)
            } catch {
                guard case .disk = error else {
                    Issue.record("seed \(seed), round \(round): \(error)")
                    return
                }
            }
            crash(disk, using: &random)
        }
    }

    @Test("begins again above a snapshot, whatever fails", arguments: 0..<40 as Range<UInt64>)
    func beginsAgain(seed: UInt64) throws {
        let chain = try ArchiveFixture.long.get()
        var random = RandomSource(seed: seed)
        let disk = SimulatedDisk()
        var archive = try chain.open(disk)
        try chain.append(1...40, to: &archive)
        try archive.sync()
        for _ in 0..<5 {
            inject([.remove, .sync, .syncDirectory, .rename], into: disk, using: &random)
            do throws(ArchiveError) {
                var archive = try chain.open(disk)
                try archive.begin(above: Height(80), block: chain.block(80).id)
                try chain.append(81...90, to: &archive)
            } catch {
                switch error {
                case .disk: break
                case .alreadyHolds(let height): #expect(height > Height(80), "seed \(seed)")
                default: Issue.record("seed \(seed): \(error)")
                }
            }
            crash(disk, using: &random)
        }
        disk.clearFaults()
        archive = try chain.open(disk)
        if archive.height <= Height(80) { try archive.begin(above: Height(80), block: chain.block(80).id) }
        try chain.append(81...100, to: &archive)
        try archive.sync()
        #expect(try archive.reader.block(at: Height(81)) == chain.block(81))
    }

    @Test("stops at the first failure, and what was given up by the disk is written again when it is opened")
    func failedSync() throws {
        let chain = try ArchiveFixture.long.get()
        let disk = SimulatedDisk()
        var archive = try chain.open(disk)
        try chain.append(1...2, to: &archive)
        disk.inject(.init(operation: .sync, code: EIO))
        let failed = refusal { () throws(ArchiveError) in try archive.sync() }
        guard case .disk? = failed else {
            Issue.record("\(String(describing: failed))")
            return
        }
        #expect(archive.durableHeight == .genesis)
        #expect(refusal { () throws(ArchiveError) in try archive.sync() } == .stopped)
        #expect(refusal { () throws(ArchiveError) in try chain.append(3...3, to: &archive) } == .stopped)
        #expect(try archive.reader.block(at: Height(2)) == chain.block(2))
        disk.killProcess()
        let again = try chain.open(disk)
        #expect(again.durableHeight == Height(2))
        disk.losePowerAndEverythingUnsynced()
        let last = try chain.open(disk)
        #expect(last.height == Height(2))
    }

    @Test("costs one sync for each file that was written")
    func syncs() throws {
        let chain = try ArchiveFixture.long.get()
        let disk = CountingDisk(SimulatedDisk())
        var archive = try chain.open(disk, fileByteCount: 1 << 20)
        try chain.append(1...1, to: &archive)
        try archive.sync()
        let before = disk.now.syncs
        for height in 2...20 { try chain.append(height...height, to: &archive) }
        try archive.sync()
        try archive.sync()
        #expect(disk.now.syncs == before + 1)
    }

    private func inject(
        _ operations: [DiskError.Operation],
        into disk: SimulatedDisk,
        using random: inout RandomSource
    ) {
        disk.clearFaults()
        guard Int.random(in: 0..<2, using: &random) == 0 else { return }
        disk.inject(
            .init(
                operation: operations[Int.random(in: 0..<operations.count, using: &random)],
                code: EIO,
                after: Int.random(in: 0..<12, using: &random),
                keeping: Int.random(in: 0..<900, using: &random),
                leavesPending: Bool.random(using: &random)
            )
        )
    }

    private func crash(_ disk: SimulatedDisk, using random: inout RandomSource) {
        if Int.random(in: 0..<3, using: &random) == 0 {
            disk.killProcess()
        } else {
            disk.losePower(seed: random.next())
        }
    }
}
