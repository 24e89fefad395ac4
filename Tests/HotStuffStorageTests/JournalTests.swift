import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("A journal")
struct JournalTests {
    @Test("that is new replays nothing and says so")
    func new() throws {
        let disk = SimulatedDisk()
        let (records, opening) = try replay(disk)
        #expect(records.isEmpty)
        #expect(opening.isNew)
        let names = try disk.names()
        #expect(names == ["journal-0000000001"])
        let again = try replay(disk).opening
        #expect(again == JournalOpening())
    }

    @Test("gives back what was appended, at once and after reopening", arguments: Durability.allCases)
    func roundTrip(durability: Durability) throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, durability, replaying: &records)
        var locations: [JournalRecordLocation] = []
        for batch in testBatches {
            let placed = try journal.append(batch)
            #expect(placed.map { Int($0.length) } == batch.map(\.count))
            locations += placed
        }
        let expected = testBatches.flatMap(\.self)
        for (location, payload) in zip(locations, expected) {
            let read = try journal.read(location)
            #expect(read == payload)
        }
        let (replayed, opening) = try replay(disk, durability)
        #expect(replayed == expected)
        #expect(opening.batches == 4)
        #expect(opening.records == 7)
        #expect(opening.tornBytes == 0)
        #expect(!opening.isNew)
    }

    @Test("replays each record with the place at which it can be read")
    func replayedLocations() throws {
        let disk = SimulatedDisk()
        disk.place(try testJournal().bytes, as: "journal-0000000001")
        var found: [(JournalRecordLocation, [UInt8])] = []
        let journal = try Journal.open(
            on: disk,
            identity: testIdentity,
            configuration: JournalConfiguration(durability: .powerLoss)
        ) { location, payload throws(JournalRecordRejection) in found.append((location, payload)) }
        #expect(found.count == 7)
        for (location, payload) in found {
            let read = try journal.read(location)
            #expect(read == payload)
        }
    }

    @Test("goes on behind what it replayed")
    func appendsAfterReopening() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        for round in 0..<5 {
            var journal = try openJournal(on: disk, replaying: &records)
            #expect(records == (0..<round).map { [UInt8($0)] })
            _ = try journal.append([[UInt8(round)]])
        }
    }

    @Test("holds a batch that is larger than what is read at once")
    func largeBatch() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, maximumBatchBytes: 4 << 20, replaying: &records)
        let large = [UInt8](repeating: 5, count: 3 << 19)
        _ = try journal.append([[1]])
        _ = try journal.append([large, [2]])
        _ = try journal.append([[3]])
        let replayed = try replay(disk, maximumBatchBytes: 4 << 20).records
        #expect(replayed == [[1], large, [2], [3]])
    }

    @Test("writes a batch with one write and one sync, or none if it need not survive a loss of power")
    func oneSync() throws {
        for durability in Durability.allCases {
            let disk = SimulatedDisk(keepsLog: true)
            var records: [[UInt8]] = []
            var journal = try openJournal(on: disk, durability, replaying: &records)
            _ = disk.takeLog()
            _ = try journal.append(testBatches[1])
            let log = disk.takeLog()
            #expect(
                log
                    == (durability == .powerLoss
                        ? ["write journal-0000000001", "sync journal-0000000001"] : ["write journal-0000000001"])
            )
        }
    }

    @Test("writes nothing for no records")
    func noRecords() throws {
        let disk = SimulatedDisk(keepsLog: true)
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        _ = disk.takeLog()
        let locations = try journal.append([[UInt8]]())
        #expect(locations.isEmpty)
        #expect(disk.takeLog().isEmpty)
    }

    @Test("refuses a batch over its limit, writes nothing of it, and goes on")
    func tooLarge() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, maximumBatchBytes: 1_024, replaying: &records)
        let error = failure { () throws(JournalError) in
            try journal.append([[UInt8](repeating: 0, count: 1_024)])
        }
        #expect(error == .batchTooLarge(path: "/simulated/journal-0000000001", bytes: 1_148, maximum: 1_024))
        _ = try journal.append([[UInt8](repeating: 0, count: 1_024 - 124)])
        _ = try journal.append([[1]])
        let replayed = try replay(disk, maximumBatchBytes: 1_024).records
        #expect(replayed.map(\.count) == [900, 1])
    }

    @Test("ends its opening when a record is rejected, and says which and why")
    func rejection() throws {
        let disk = SimulatedDisk()
        let journal = try testJournal()
        disk.place(journal.bytes, as: "journal-0000000001")
        var seen = 0
        let error = failure { () throws(JournalError) in
            try Journal.open(
                on: disk,
                identity: testIdentity,
                configuration: JournalConfiguration(durability: .powerLoss)
            ) { _, _ throws(JournalRecordRejection) in
                seen += 1
                if seen == 2 { throw JournalRecordRejection(reason: "it is of next year") }
            }
        }
        let offset = UInt64(journal.ends[1] + 72)
        #expect(error == .rejected(path: "/simulated/journal-0000000001", offset: offset, reason: "it is of next year"))
        #expect(disk["journal-0000000001"] == journal.bytes)
    }

    @Test("can be read by another thread while it is written")
    func concurrentReading() async throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, .processCrash, replaying: &records)
        let first = try journal.append([[1, 2, 3]])[0]
        let reader = journal.reader
        let reading = Task.detached {
            var intact = 0
            for _ in 0..<200 where try reader.read(first) == [1, 2, 3] { intact += 1 }
            return intact
        }
        for value in 0..<200 {
            _ = try journal.append([[UInt8(value)]])
        }
        #expect(try await reading.value == 200)
    }
}
