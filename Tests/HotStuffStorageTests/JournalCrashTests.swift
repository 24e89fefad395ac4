import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("A journal over losses of power")
struct JournalCrashTests {
    @Test("syncs its header before its name, and its name before it is used")
    func creationOrder() throws {
        let disk = SimulatedDisk(keepsLog: true)
        var records: [[UInt8]] = []
        _ = try openJournal(on: disk, .processCrash, replaying: &records)
        let log = disk.takeLog().prefix { $0 != "open journal-0000000001" }
        #expect(
            Array(log) == [
                "list directory", "inspect journal", "open journal-0000000001.new", "write journal-0000000001.new",
                "sync journal-0000000001.new", "rename journal-0000000001.new", "sync directory", "list directory",
            ]
        )
        disk.losePowerAndEverythingUnsynced()
        let opening = try replay(disk).opening
        #expect(!opening.isNew)
    }

    @Test("would be lost with its name if the directory were not synced, which the simulated disk shows")
    func directorySyncMatters() throws {
        let disk = SimulatedDisk()
        let file = try disk.open("a", .createEmpty)
        try file.write([UInt8(1)].span.bytes, at: 0)
        try file.syncData()
        try disk.syncDirectory()
        try disk.rename("a", to: "b")
        disk.losePowerAndEverythingUnsynced()
        #expect(disk["a"] == [1])
        #expect(disk["b"] == nil)
    }

    @Test("syncs its name at opening, because its maker may have died before it did")
    func nameIsSyncedAtOpening() throws {
        let disk = SimulatedDisk()
        disk.inject(.init(operation: .syncDirectory, code: EIO))
        _ = failure { () throws(JournalError) in try replay(disk) }
        disk.killProcess()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        _ = try journal.append([[1]])
        disk.losePowerAndEverythingUnsynced()
        let replayed = try replay(disk).records
        #expect(replayed == [[1]])
    }

    @Test("that need not survive them keeps everything when only the process dies")
    func processCrash() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        for round in 0..<10 {
            var journal = try openJournal(on: disk, .processCrash, replaying: &records)
            #expect(records.count == round)
            _ = try journal.append([[UInt8(round)]])
            disk.killProcess()
        }
    }

    /// Each round opens, checks, appends until something fails or the round is over, and then the power or the process goes.
    @Test("never loses an acknowledged batch and never shows half of one", arguments: 0..<150)
    func randomCrashes(seed: UInt64) throws {
        var generator = RandomSource(seed: seed)
        let disk = SimulatedDisk()
        var known: [[UInt8]] = []
        var attempted: [[UInt8]] = []
        var label: UInt64 = 0
        for round in 0..<12 {
            if Int.random(in: 0..<3, using: &generator) == 0 {
                let operation: DiskError.Operation = Bool.random(using: &generator) ? .write : .sync
                let after = Int.random(in: 0..<8, using: &generator)
                disk.inject(
                    .init(
                        operation: operation,
                        code: EIO,
                        after: after,
                        keeping: Int.random(in: 0..<300, using: &generator)
                    )
                )
            }
            do throws(JournalError) {
                var records: [[UInt8]] = []
                var journal = try openJournal(on: disk, salt: seed, replaying: &records)
                let isExpected = records == known || records == known + attempted
                #expect(isExpected, "seed \(seed), round \(round): \(records.count) records, \(known.count) known")
                known = records
                attempted = []
                for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                    attempted = (0..<Int.random(in: 1..<4, using: &generator)).map { _ in
                        label += 1
                        return [UInt8](
                            repeating: UInt8(truncatingIfNeeded: label),
                            count: Int.random(in: 0..<200, using: &generator)
                        )
                    }
                    _ = try journal.append(attempted)
                    known += attempted
                    attempted = []
                }
            } catch {
                guard case .disk = error else {
                    Issue.record("seed \(seed), round \(round): \(error)")
                    return
                }
            }
            if Bool.random(using: &generator) {
                disk.losePower(seed: generator.next())
            } else {
                disk.killProcess()
            }
        }
    }
}
