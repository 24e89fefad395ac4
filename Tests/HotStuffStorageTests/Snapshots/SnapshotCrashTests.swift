import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Snapshots and loss of power")
struct SnapshotCrashTests {
    /// Snapshots 2 and 4 are durable; the next is that of 6.
    private static func prepared() throws -> (SimulatedDisk, SnapshotFixture) {
        let disk = SimulatedDisk()
        var fixture = SnapshotFixture(height: 2, valueByteCount: 180 << 10)
        try fixture.write(to: disk)
        for height in [4, 6] as [UInt64] {
            fixture.advance(to: height, valueByteCount: 180 << 10)
            if height == 4 { try fixture.write(to: disk) }
        }
        return (disk, fixture)
    }

    private static let operations: [DiskError.Operation] = [
        .open, .inspect, .write, .sync, .rename, .syncDirectory, .remove, .listDirectory, .read, .size,
    ]

    @Test("power that fails at any step of writing leaves an intact newest snapshot", arguments: operations)
    func anyStep(operation: DiskError.Operation) throws {
        for step in 0..<12 {
            var hasFailed = false
            for seed in 0..<6 as Range<UInt64> {
                let (disk, fixture) = try Self.prepared()
                if operation == .sync, step == 0 {
                    disk.interruptNextSync()
                } else {
                    disk.inject(
                        SimulatedDisk.Fault(operation: operation, code: 5, after: step, keeping: Int(seed) * 1_000)
                    )
                }
                do {
                    try fixture.write(to: disk)
                } catch {
                    hasFailed = true
                }
                disk.clearFaults()
                disk.losePower(seed: seed)
                let store = SnapshotStore(on: disk, chain: SnapshotFixture.chain)
                let search = try store.newest()
                let note = "\(operation) \(step), seed \(seed)"
                let newest = try #require(search.newest, "\(note)")
                #expect(search.skipped.isEmpty, "\(note)")
                #expect([4, 6].contains(newest.manifest.height.rawValue), "\(note)")
                let restored = try SnapshotFixture.restore(newest)
                #expect(restored.executed == newest.manifest.executed, "\(note)")
                // The next attempt succeeds, whatever the first one left behind.
                try fixture.write(to: disk)
                #expect(try store.newest().newest?.manifest.height == Height(6), "\(note)")
                #expect(try disk.names() == [snapshotName(4), snapshotName(6)], "\(note)")
            }
            if !hasFailed { return }
        }
        Issue.record("\(operation) was called without end")
    }

    @Test("what was written is durable when writing returns", arguments: 0..<20 as Range<UInt64>)
    func durable(seed: UInt64) throws {
        let (disk, fixture) = try Self.prepared()
        try fixture.write(to: disk)
        disk.losePower(seed: seed)
        let search = try SnapshotStore(on: disk, chain: SnapshotFixture.chain).newest()
        #expect(search.newest?.manifest.height == Height(6), "seed \(seed)")
    }

    @Test("a full disk costs nothing but the new snapshot")
    func full() throws {
        let (disk, fixture) = try Self.prepared()
        disk.limit(to: 1_500_000)
        #expect(throws: SnapshotStoreError.self) { try fixture.write(to: disk) }
        disk.limit(to: .max)
        #expect(try disk.names() == [snapshotName(2), snapshotName(4)])
        #expect(try SnapshotStore(on: disk, chain: SnapshotFixture.chain).newest().newest?.manifest.height == Height(4))
    }
}
