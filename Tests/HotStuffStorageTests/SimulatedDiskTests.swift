import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("The simulated disk")
struct SimulatedDiskTests {
    /// A disk with a durable file of ten bytes.
    private func makeDisk() throws -> (SimulatedDisk, SimulatedFile) {
        let disk = SimulatedDisk()
        disk.place(Array(0..<10), as: "a")
        return (disk, try disk.open("a", .existing))
    }

    private func write(_ bytes: [UInt8], at offset: UInt64, to file: SimulatedFile) throws {
        try file.write(bytes.span.bytes, at: offset)
    }

    @Test("writes over the end, behind it and inside, and reads back what fits")
    func writes() throws {
        let (disk, file) = try makeDisk()
        try write([20, 21, 22, 23], at: 8, to: file)
        try write([30], at: 14, to: file)
        try write([40], at: 1, to: file)
        let expected: [UInt8] = [0, 40, 2, 3, 4, 5, 6, 7, 20, 21, 22, 23, 0, 0, 30]
        #expect(disk["a"] == expected)
        #expect(disk.byteCount(of: "a") == 15)
        #expect(disk.byteCount(of: "b") == 0)
        try file.syncData()
        disk.losePowerAndEverythingUnsynced()
        #expect(disk["a"] == expected)
    }

    @Test("knows what a loss of power could undo")
    func unsynced() throws {
        let (disk, file) = try makeDisk()
        #expect(!disk.hasUnsynced("a"))
        try write([1], at: 0, to: file)
        #expect(disk.hasUnsynced("a"))
        try file.syncData()
        #expect(!disk.hasUnsynced("a"))
        _ = try disk.open("b", .createIfMissing)
        #expect(disk.hasUnsynced("b"))
        #expect(!disk.hasUnsynced("a"))
        try disk.syncDirectory()
        #expect(!disk.hasUnsynced("b"))
        try disk.remove("b")
        #expect(disk.hasUnsynced("b"))
    }

    @Test("what a failed sync gave up is lost with the power, unless it was written again")
    func givenUp() throws {
        let (disk, file) = try makeDisk()
        try write([77], at: 0, to: file)
        disk.inject(.init(operation: .sync, code: EIO))
        #expect(throws: DiskError.self) { try file.syncData() }
        try file.syncData()
        #expect(disk.hasUnsynced("a"))
        try write([77], at: 0, to: file)
        try file.syncData()
        #expect(!disk.hasUnsynced("a"))
        disk.losePower(seed: 1)
        #expect(disk["a"]?.first == 77)
    }

    @Test("an interrupted sync leaves to the loss of power what becomes of the write")
    func interrupted() throws {
        var total = PowerLoss()
        for seed in 0..<100 as Range<UInt64> {
            let (disk, file) = try makeDisk()
            let new = [UInt8](repeating: 9, count: 200)
            try write(new, at: 10, to: file)
            disk.interruptNextSync()
            #expect(throws: DiskError.self) { try file.syncData() }
            #expect(disk.hasUnsynced("a"))
            let loss = disk.losePower(seed: seed)
            #expect(loss.lostChanges + loss.tornChanges + loss.keptChanges == 1, "seed \(seed)")
            let found = disk["a"] ?? []
            #expect(found.starts(with: Array(0..<10)), "seed \(seed)")
            #expect((loss.keptChanges == 1) == (found.dropFirst(10) == new[...]), "seed \(seed)")
            #expect((loss.lostChanges == 1) == (found.count == 10), "seed \(seed)")
            #expect(!disk.hasUnsynced("a"), "seed \(seed)")
            total.lostChanges += loss.lostChanges
            total.tornChanges += loss.tornChanges
            total.keptChanges += loss.keptChanges
        }
        #expect(total.lostChanges > 10 && total.tornChanges > 10 && total.keptChanges > 10)
    }

    @Test("a tail that disappears is gone from the medium, from memory and from what is pending")
    func lostTail() throws {
        let (disk, file) = try makeDisk()
        try write(Array(50..<60), at: 5, to: file)
        disk.truncate("a", by: 8)
        #expect(disk["a"] == [0, 1, 2, 3, 4, 50, 51])
        try file.syncData()
        disk.losePowerAndEverythingUnsynced()
        #expect(disk["a"] == [0, 1, 2, 3, 4, 50, 51])
        disk.truncate("a", by: 100)
        #expect(disk["a"] == [])
    }
}
