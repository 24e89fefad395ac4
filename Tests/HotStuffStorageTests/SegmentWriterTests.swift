import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A journal writer that starts segments")
struct SegmentWriterTests {
    private let disk = SimulatedDisk()
    private let reports = Monitor<[JournalProgress]>([])

    private func start() throws -> JournalWriter<SimulatedDisk> {
        var records: [[UInt8]] = []
        let journal = try openJournal(on: disk, segmentBytes: 1_000, replaying: &records)
        let reports = reports
        return try JournalWriter(
            journal,
            onDurable: { progress in reports.change { $0.append(progress) } },
            onFailure: { _ in }
        )
    }

    @Test("writes a labelled submission as the first batch of a segment, merged with none before or after it")
    func neverMerged() throws {
        var queue = JournalQueue(path: "", maximumBatchBytes: 10_000, maximumQueuedBytes: 10_000)
        let submissions = (1...6 as ClosedRange<UInt64>).map {
            JournalSubmission(position: $0, entries: [JournalEntry([1])], label: $0 == 3 || $0 == 4 ? [9] : nil)
        }
        for submission in submissions[..<5] {
            let isAdmitted = try queue.admit(submission)
            #expect(isAdmitted)
        }
        try queue.admitPruning(before: 2)
        let isAdmitted = try queue.admit(submissions[5])
        #expect(isAdmitted)
        #expect(queue.takeWork() == .write(Array(submissions[..<2])))
        #expect(queue.takeWork() == .start(submissions[2], label: [9]))
        #expect(queue.takeWork() == .start(submissions[3], label: [9]))
        #expect(queue.takeWork() == .write([submissions[4]]))
        #expect(queue.takeWork() == .prune(before: 2))
        #expect(queue.takeWork() == .write([submissions[5]]))
        #expect(queue.takeWork() == nil)
    }

    @Test("reports where the records are, which segments there are, and when another is wanted")
    func reporting() throws {
        let writer = try start()
        let vote = JournalEntry(vote(1), isPrecious: true)
        try writer.submit([[1]], position: 1)
        try writer.submit([vote], position: 2, startingSegment: [5])
        try writer.submit([Array(repeating: 3, count: 6_000)], position: 3)
        writer.stop()
        let progress = reports.change { $0 }
        let submissions = progress.flatMap(\.submissions)
        #expect(submissions.map(\.position) == [1, 2, 3])
        #expect(submissions.flatMap(\.locations).map(\.segment) == [1, 2, 2])
        #expect(try writer.reader.read(submissions[1].locations[0]) == vote.payload)
        #expect(progress.first?.wantsSegment == false)
        #expect(progress.last?.wantsSegment == true)
        #expect(progress.last?.segments.map(\.label) == [[], [5]])
        #expect(Int(progress.last?.segments.last?.byteCount ?? 0) == disk.byteCount(of: segmentName(2)))
    }

    @Test("prunes in turn, behind what was submitted before")
    func pruning() throws {
        let writer = try start()
        try writer.submit([[1]], position: 1)
        try writer.submit([JournalEntry([2])], position: 2, startingSegment: [2])
        try writer.submit([JournalEntry([3])], position: 3, startingSegment: [3])
        try writer.prune(before: 3)
        try writer.submit([[4]], position: 4)
        writer.stop()
        #expect(disk.journalNames == [segmentName(3)])
        let progress = reports.change { $0 }
        #expect(progress.last?.segments.map(\.number) == [3])
        let first = progress.flatMap(\.submissions)[0].locations[0]
        let error = failure { () throws(JournalError) in try writer.reader.read(first) }
        #expect(error == .removed(path: "/simulated/" + segmentName(1)))
        disk.losePowerAndEverythingUnsynced()
        let replayed = try replay(disk).records
        #expect(replayed == [[3], [4]])
        #expect(failure { () throws(JournalError) in try writer.prune(before: 4) } == .stopped)
    }

    @Test("refuses a label that is too long, and a precious batch that padding would make too large")
    func limits() throws {
        let writer = try start()
        let label = [UInt8](repeating: 0, count: 1_025)
        let error = failure { () throws(JournalError) in
            try writer.submit([JournalEntry([1])], position: 1, startingSegment: label)
        }
        #expect(error == .labelTooLong(bytes: 1_025, maximum: 1_024))
        var queue = JournalQueue(path: "", maximumBatchBytes: 4_200, maximumQueuedBytes: 10_000)
        let precious = JournalSubmission(position: 1, entries: [JournalEntry([1], isPrecious: true)])
        let refusal = failure { () throws(JournalError) in try queue.admit(precious) }
        #expect(refusal == .batchTooLarge(path: "", bytes: 4_274, maximum: 4_200))
        let isAdmitted = try queue.admit(JournalSubmission(position: 1, entries: [JournalEntry([1])]))
        #expect(isAdmitted)
        writer.stop()
    }
}
