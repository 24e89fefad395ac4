import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("A journal on a failing disk")
struct JournalFailureTests {
    /// Opens a journal, has it acknowledge a batch, and lets the next one fail.
    private func poison(
        _ disk: SimulatedDisk,
        with expected: JournalError,
        _ trouble: () -> Void
    ) throws {
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        let kept = try journal.append([[1]])[0]
        trouble()
        let first = failure { () throws(JournalError) in try journal.append([Array(0..<200)]) }
        #expect(first == expected)
        disk.limit(to: .max)
        _ = disk.takeLog()
        let second = failure { () throws(JournalError) in try journal.append([[3]]) }
        #expect(second == expected)
        let nothing = failure { () throws(JournalError) in try journal.append([[UInt8]]()) }
        #expect(nothing == expected)
        #expect(disk.takeLog().isEmpty, "a poisoned journal touched the disk")
        let poison = journal.poison
        #expect(poison == expected)
        let read = try journal.read(kept)
        #expect(read == [1])
    }

    private func error(_ operation: DiskError.Operation, _ code: Int32) -> JournalError {
        .disk(DiskError(operation: operation, path: "/simulated/journal-0000000001", code: code))
    }

    @Test("is poisoned by a failed write, which counts for nothing afterwards", arguments: [0, 1, 71, 72, 150])
    func failedWrite(kept: Int) throws {
        let disk = SimulatedDisk(keepsLog: true)
        try poison(disk, with: error(.write, EIO)) {
            disk.inject(.init(operation: .write, code: EIO, keeping: kept))
        }
        disk.killProcess()
        let (records, opening) = try replay(disk)
        #expect(records == [[1]])
        #expect(opening.tornBytes == UInt64(kept))
    }

    @Test("is poisoned by a failed sync")
    func failedSync() throws {
        let disk = SimulatedDisk(keepsLog: true)
        try poison(disk, with: error(.sync, EIO)) { disk.inject(.init(operation: .sync, code: EIO)) }
        disk.losePowerAndEverythingUnsynced()
        let records = try replay(disk).records
        #expect(records == [[1]])
    }

    @Test("is poisoned by a full disk, also when there is room again")
    func outOfSpace() throws {
        let disk = SimulatedDisk(keepsLog: true)
        let full = DiskError(operation: .write, path: "/simulated/journal-0000000001", code: ENOSPC)
        #expect(full.isOutOfSpace)
        try poison(disk, with: .disk(full)) { disk.limit(to: 300) }
        #expect(disk["journal-0000000001"]?.count == 300)
        disk.killProcess()
        let records = try replay(disk).records
        #expect(records == [[1]])
    }

    @Test("makes durable at opening what a failed sync left in memory only, before anybody relies on it")
    func failedSyncThenRestart() throws {
        let disk = SimulatedDisk(keepsLog: true)
        try poison(disk, with: error(.sync, EIO)) { disk.inject(.init(operation: .sync, code: EIO)) }
        disk.killProcess()
        let seen = try replay(disk).records
        #expect(seen == [[1], Array(0..<200)])
        disk.losePowerAndEverythingUnsynced()
        let kept = try replay(disk).records
        #expect(kept == seen)
    }

    @Test("fails to open when any step of opening fails, and opens later with nothing lost")
    func failedOpening() throws {
        let bytes = try testJournal().bytes
        let steps: [(DiskError.Operation, Int)] = [
            (.listDirectory, 0), (.open, 0), (.open, 1), (.read, 0), (.read, 1), (.size, 0), (.size, 1), (.truncate, 0),
            (.sync, 0), (.sync, 1),
            (.write, 0), (.syncDirectory, 0),
        ]
        for (operation, after) in steps {
            let disk = SimulatedDisk(keepsLog: true)
            disk.place(bytes + [1, 2, 3], as: "journal-0000000001")
            disk.inject(.init(operation: operation, code: EIO, after: after))
            let error = failure { () throws(JournalError) in try replay(disk) }
            guard case .disk(let disk) = error, disk.operation == operation else {
                Issue.record("\(operation): \(String(describing: error))")
                continue
            }
        }
        for (operation, after) in steps {
            let disk = SimulatedDisk(keepsLog: true)
            disk.place(bytes + [1, 2, 3], as: "journal-0000000001")
            disk.inject(.init(operation: operation, code: EIO, after: after))
            _ = failure { () throws(JournalError) in try replay(disk) }
            disk.losePower(seed: 5)
            let records = try replay(disk).records
            #expect(records == testBatches.flatMap(\.self), "\(operation)")
        }
    }

    @Test("comes into being as a whole or not at all, at whatever step its making fails")
    func failedCreation() throws {
        let steps: [DiskError.Operation] = [.open, .write, .sync, .rename, .syncDirectory]
        for operation in steps {
            for seed: UInt64 in 0..<10 {
                let disk = SimulatedDisk(keepsLog: true)
                disk.inject(.init(operation: operation, code: EIO, keeping: 50))
                let error = failure { () throws(JournalError) in try replay(disk) }
                #expect(error != nil, "\(operation)")
                disk.losePower(seed: seed)
                let (records, _) = try replay(disk)
                #expect(records.isEmpty)
                let names = try disk.names()
                #expect(names.contains("journal-0000000001"))
            }
        }
    }
}
