import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("The segments of a journal")
struct SegmentTests {
    @Test("are replayed in order as one journal, and go on behind the last")
    func order() throws {
        let disk = try threeSegments()
        var records: [[UInt8]] = []
        for round in 0..<3 {
            var journal = try openJournal(on: disk, replaying: &records)
            let filler = [UInt8](repeating: 1, count: 20)
            #expect(
                records == [vote(1), checkpoint(2), filler, vote(2), checkpoint(3), filler, vote(3)]
                    + Array(repeating: [9], count: round)
            )
            #expect(journal.opening.tornBytes == 0)
            let segments = journal.segments
            #expect(segments.map(\.number) == [1, 2, 3])
            #expect(segments.map(\.label) == [[], [2], [3]])
            #expect(segments.map { Int($0.byteCount) } == (1...3).map { disk.byteCount(of: segmentName($0)) })
            let placed = try journal.append([[9]])
            #expect(placed.map(\.segment) == [3])
        }
    }

    @Test("each know their place, so that a record of any can be read")
    func locations() throws {
        let disk = try threeSegments()
        var found: [(JournalRecordLocation, [UInt8])] = []
        let journal = try Journal.open(
            on: disk,
            identity: testIdentity,
            configuration: JournalConfiguration(durability: .powerLoss)
        ) { location, payload throws(JournalRecordRejection) in found.append((location, payload)) }
        #expect(found.map(\.0.segment) == [1, 2, 2, 2, 3, 3, 3])
        for (location, payload) in found {
            let read = try journal.read(location)
            #expect(read == payload)
            var elsewhere = location
            elsewhere.segment = location.segment == 1 ? 2 : 1
            let reader = journal.reader
            #expect(throws: JournalError.self) { try reader.read(elsewhere) }
        }
    }

    @Test("before the one to start at are not read, only their headers")
    func startingAt() throws {
        let disk = try threeSegments()
        disk.flip(bit: 0, at: disk.byteCount(of: segmentName(1)) - 1, of: segmentName(1))
        var records: [[UInt8]] = []
        var labels: [[UInt8]] = []
        let all = try? openJournal(on: disk, replaying: &records).segments
        #expect(all == nil)
        let journal = try openJournal(
            on: disk,
            startingAt: {
                labels = $0
                return 1
            },
            replaying: &records
        )
        #expect(labels == [[], [2], [3]])
        #expect(records.first == checkpoint(2))
        #expect(lastVote(in: records) == 3)
        #expect(journal.opening.batches == 4)
        disk.flip(bit: 0, at: 20, of: segmentName(1))
        #expect(throws: JournalError.self) {
            try openJournal(on: disk, startingAt: { _ in 1 }, replaying: &records).segments
        }
    }

    @Test("come one after the other when the current one is full")
    func wantsSegment() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, segmentBytes: 1_000, replaying: &records)
        var expected: [[UInt8]] = []
        for value in 0..<50 as Range<UInt8> {
            let record = [UInt8](repeating: value, count: 100)
            if journal.wantsSegment {
                _ = try journal.startSegment([record], label: [value])
            } else {
                _ = try journal.append([record])
            }
            expected.append(record)
        }
        #expect(journal.segments.count == 13)
        #expect(journal.segments.dropLast().allSatisfy { (1_000..<1_300).contains($0.byteCount) })
        let reopened = try openJournal(on: disk, replaying: &records)
        #expect(records == expected)
        #expect(reopened.segments == journal.segments)
    }

    @Test("have labels of up to 1,024 bytes; a longer one is refused and nothing is written")
    func labels() throws {
        let disk = SimulatedDisk(keepsLog: true)
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        let longest = (0..<1_024).map { UInt8(truncatingIfNeeded: $0) }
        _ = disk.takeLog()
        let error = failure { () throws(JournalError) in try journal.startSegment([[1]], label: longest + [0]) }
        #expect(error == .labelTooLong(bytes: 1_025, maximum: 1_024))
        #expect(disk.takeLog().isEmpty)
        _ = try journal.startSegment([[1]], label: longest)
        _ = try journal.startSegment([[UInt8]](), label: [])
        let reopened = try openJournal(on: disk, replaying: &records)
        #expect(records == [[1]])
        #expect(reopened.segments.map(\.label) == [[], longest, []])
    }

    @Test("are refused when their first batch is too large, and nothing is written")
    func tooLarge() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, maximumBatchBytes: 1_024, replaying: &records)
        let error = failure { () throws(JournalError) in
            try journal.startSegment([[UInt8](repeating: 0, count: 1_024)], label: [])
        }
        #expect(error == .batchTooLarge(path: "/simulated/journal-0000000002", bytes: 1_148, maximum: 1_024))
        _ = try journal.append([[1]])
        let replayed = try replay(disk, maximumBatchBytes: 1_024).records
        #expect(replayed == [[1]])
    }

    @Test("have names of ten digits, and nothing else is taken for one")
    func names() throws {
        #expect(JournalSegment.name(of: 1) == "journal-0000000001")
        #expect(JournalSegment.name(of: 9_876_543_210) == "journal-9876543210")
        for number: UInt64 in [1, 42, 9_999_999_999] {
            #expect(JournalSegment.number(of: JournalSegment.name(of: number)) == number)
        }
        for name in [
            "journal", "journal-", "journal-1", "journal-0000000001.new", "journal-00000000001", "journal-000000000x",
            "Journal-0000000001", "journal-+000000001",
        ] { #expect(JournalSegment.number(of: name) == nil, "\(name)") }
    }

    @Test("take their space when they are made, or are not made, and end where they were written to")
    func preallocation() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        disk.limit(to: 25_000)
        var journal = try openJournal(on: disk, segmentBytes: 10_000, preallocates: true, replaying: &records)
        #expect(disk.byteCount(of: segmentName(1)) == testHeaderByteCount)
        _ = try journal.startSegment([[1]], label: [])
        let other = try disk.open("other", .createEmpty)
        #expect(throws: DiskError.self) { try other.write([UInt8](repeating: 0, count: 6_000).span.bytes, at: 0) }
        _ = try journal.append([[UInt8](repeating: 2, count: 8_000)])
        let error = failure { () throws(JournalError) in try journal.startSegment([[3]], label: []) }
        let path = "/simulated/journal-0000000003.new"
        #expect(error == .disk(DiskError(operation: .preallocate, path: path, code: 28)))
        #expect(disk[segmentName(3) + ".new"] == [])
        disk.losePower(seed: 1)
        let (replayed, opening) = try replay(disk)
        #expect(replayed.map(\.count) == [1, 8_000])
        #expect(opening.tornBytes == 0)
    }
}
