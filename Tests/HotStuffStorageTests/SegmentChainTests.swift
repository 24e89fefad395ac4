import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("Segments that do not make one journal")
struct SegmentChainTests {
    private static func path(_ number: UInt64) -> String { "/simulated/" + segmentName(number) }

    /// Opening must fail with this error and change nothing.
    private func expectRefusal(_ disk: SimulatedDisk, _ expected: JournalError) {
        let before = disk.journalFiles
        let error = failure { () throws(JournalError) in try replay(disk) }
        #expect(error == expected)
        #expect(disk.journalFiles == before)
    }

    @Test("because one in the middle is missing are refused with its name")
    func missing() throws {
        let disk = try threeSegments()
        try disk.remove(segmentName(2))
        expectRefusal(disk, .missing(path: Self.path(2)))
    }

    @Test("because the oldest are missing are a journal that was pruned")
    func pruned() throws {
        let disk = try threeSegments()
        try disk.remove(segmentName(1))
        let records = try replay(disk).records
        #expect(records.first == checkpoint(2))
        #expect(lastVote(in: records) == 3)
    }

    @Test("because one has another's name are refused")
    func duplicated() throws {
        let disk = try threeSegments()
        let files = disk.journalFiles
        for (number, copy) in [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2), (4, 3), (4, 1)] as [(UInt64, UInt64)] {
            let disk = SimulatedDisk()
            for (name, bytes) in files { disk.place(bytes, as: name) }
            disk.place(files[segmentName(copy)] ?? [], as: segmentName(number))
            expectRefusal(disk, .misplaced(path: Self.path(number), reason: "it is segment \(copy)"))
        }
    }

    @Test("because one is of another journal of the same replica are refused")
    func foreign() throws {
        let disk = try threeSegments(salt: 1)
        let other = try threeSegments(salt: 2)
        disk.place(other[segmentName(3)] ?? [], as: segmentName(3))
        let reason = "it is of another journal than \(Self.path(2))"
        expectRefusal(disk, .misplaced(path: Self.path(3), reason: reason))
    }

    @Test("because one is an old copy, from before it was full, are refused")
    func oldCopy() throws {
        let disk = try threeSegments()
        let files = disk.journalFiles
        for number in 1...2 as ClosedRange<UInt64> {
            let disk = SimulatedDisk()
            for (name, bytes) in files { disk.place(bytes, as: name) }
            let bytes = files[segmentName(number)] ?? []
            // The last batch of either is a vote: head, copy, padding and vote, with the filler of the second.
            let last = JournalBatch.byteCount(
                of: number == 1
                    ? [JournalEntry(vote(1), isPrecious: true)]
                    : [JournalEntry(Array(repeating: 1, count: 20)), JournalEntry(vote(2), isPrecious: true)]
            )
            disk.place(Array(bytes.dropLast(last)), as: segmentName(number))
            let (end, begin) = number == 1 ? (1, 2) : (3, 4)
            let reason =
                "it ends before batch \(end), and \(Self.path(number + 1)) begins with batch \(begin)"
            expectRefusal(disk, .misplaced(path: Self.path(number), reason: reason))
        }
    }

    @Test("because an earlier one has a torn end are refused, whatever is to be done with holes")
    func tornInTheMiddle() throws {
        for policy in [JournalConfiguration.DamagePolicy.refuse, .cut] {
            let disk = try threeSegments()
            disk.truncate(segmentName(2), by: 1)
            let error = failure { () throws(JournalError) in try replay(disk, damagePolicy: policy) }
            guard case .damaged(Self.path(2), _, let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason == "the file ends inside a batch, but \(Self.path(3)) follows")
        }
    }

    @Test("because the last one lost its first batch are refused: it came into being with it")
    func lostFirstBatch() throws {
        let whole = try threeSegments()
        let bytes = whole[segmentName(3)] ?? []
        for length in [161, 200, 161 + 72 + 52] {
            let disk = try threeSegments()
            disk.place(Array(bytes.prefix(length)), as: segmentName(3))
            let error = failure { () throws(JournalError) in try replay(disk) }
            guard case .damaged(Self.path(3), 161, _) = error else {
                Issue.record("\(length): \(String(describing: error))")
                continue
            }
        }
    }

    @Test("but an unfinished file is no segment, and neither is anything else in the directory")
    func strangers() throws {
        let disk = try threeSegments()
        disk.place([1, 2, 3], as: segmentName(4) + ".new")
        disk.place([1, 2, 3], as: segmentName(2) + ".new")
        disk.place([], as: "journal-4")
        disk.place([], as: "unsynced.new")
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        #expect(lastVote(in: records) == 3)
        let names = try disk.names()
        #expect(names == ["durable"] + (1...3).map(segmentName) + ["journal-4", "unsynced.new"])
        _ = try journal.startSegment([checkpoint(4)], label: [4])
        let again = try replay(disk).records
        #expect(again.last == checkpoint(4))
    }

    @Test("a journal of one file, as it was before there were segments, is not overlooked")
    func formerFormat() throws {
        let disk = SimulatedDisk()
        disk.place(Array("hsjournl".utf8), as: "journal")
        expectRefusal(disk, .unknownFormat(path: "/simulated/journal", found: 1, known: 2))
    }
}
