import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Segments that are removed")
struct SegmentRemovalTests {
    @Test("go from the oldest on, but never the current one, and then cannot be read")
    func removal() throws {
        let disk = try threeSegments()
        var records: [[UInt8]] = []
        var found: [JournalRecordLocation] = []
        var journal = try Journal.open(
            on: disk,
            identity: testIdentity,
            configuration: JournalConfiguration(durability: .powerLoss)
        ) { location, _ throws(JournalRecordRejection) in found.append(location) }
        try journal.remove(before: 1)
        #expect(disk.journalNames.count == 3)
        let reader = journal.reader
        let first = try reader.read(found[0])
        #expect(first == vote(1))
        try journal.remove(before: 2)
        #expect(disk.journalNames == [segmentName(2), segmentName(3)])
        let error = failure { () throws(JournalError) in try reader.read(found[0]) }
        #expect(error == .removed(path: "/simulated/journal-0000000001"))
        let second = try reader.read(found[1])
        #expect(second == checkpoint(2))
        try journal.remove(before: 1_000)
        #expect(disk.journalNames == [segmentName(3)])
        #expect(journal.segments.map(\.number) == [3])
        _ = try journal.append([[9]])
        disk.losePowerAndEverythingUnsynced()
        let reopened = try openJournal(on: disk, replaying: &records)
        #expect(records.first == checkpoint(3))
        #expect(records.last == [9])
        let again = reopened.reader
        let gone = failure { () throws(JournalError) in try again.read(found[1]) }
        #expect(gone == .removed(path: "/simulated/journal-0000000002"))
    }

    @Test("leave the others readable, however many there are, with a bounded number of open files")
    func manyReaders() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        var places = try journal.append([[0]])
        for value in 1...30 as ClosedRange<UInt8> { places += try journal.startSegment([[value]], label: [value]) }
        for round in 0..<3 {
            for (value, place) in places.enumerated() {
                let read = try journal.read(place)
                #expect(read == [UInt8(value)], "round \(round)")
            }
        }
        try journal.remove(before: 20)
        for (value, place) in places.enumerated() {
            let reader = journal.reader
            let read = try? reader.read(place)
            #expect(read == (value < 19 ? nil : [UInt8(value)]))
        }
    }

    @Test("are read to the end or not at all by another thread meanwhile")
    func concurrentReading() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, .processCrash, replaying: &records)
        let first = try journal.append([[1, 2, 3]])[0]
        let reader = journal.reader
        // A thread of its own: a task might wait for its turn behind all other tests, and this one with it.
        let seen = Monitor((outcomes: [Bool](), surprises: [String]()))
        let reading = try SystemThread(named: "test") {
            for _ in 0..<2_000 {
                var isRight = true
                let outcome = failure { () throws(JournalError) in isRight = try reader.read(first) == [1, 2, 3] }
                let isExpected = outcome == nil ? isRight : outcome == .removed(path: reader.path(of: 1))
                seen.change { seen in
                    seen.outcomes.append(outcome == nil)
                    if !isExpected { seen.surprises.append("\(String(describing: outcome))") }
                }
            }
        }
        _ = seen.wait { $0.outcomes.isEmpty ? nil : true }
        for value in 0..<20 as Range<UInt8> {
            _ = try journal.startSegment([[value]], label: [value])
            if value == 10 { try journal.remove(before: 5) }
        }
        reading.join()
        let (outcomes, surprises) = seen.change { $0 }
        #expect(surprises == [])
        #expect(outcomes.first == true)
        // Once removed, never read again.
        #expect(outcomes.drop { $0 }.allSatisfy { !$0 })
    }
}
