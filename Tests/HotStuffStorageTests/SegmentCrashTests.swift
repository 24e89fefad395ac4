import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Segments over losses of power")
struct SegmentCrashTests {
    /// What a journal was told to keep, and what it said that it had.
    private struct History {
        /// Batches that were acknowledged, with the segment that each is in.
        var known: [(segment: UInt64, records: [[UInt8]])] = []
        /// The batch that was under way.
        var attempted: (segment: UInt64, records: [[UInt8]])?
        /// The segments below these are gone for certain, or may be gone.
        var removed: UInt64 = 1
        var removing: UInt64 = 1

        /// Everything that a loss of power may leave.
        var possible: [[[UInt8]]] {
            var possible: [[[UInt8]]] = []
            for first in removed...removing {
                let kept = known.filter { $0.segment >= first }.flatMap(\.records)
                possible.append(kept)
                guard let attempted else { continue }
                possible.append(kept + attempted.records)
                // Of a torn batch the votes may be left.
                possible.append(kept + attempted.records.filter { $0[0] == UInt8(ascii: "v") })
            }
            return possible
        }
    }

    private enum Step {
        case append
        case start
        case remove(UInt64)
    }

    private static let steps: [Step] = [
        .append, .start, .append, .append, .start, .remove(2), .append, .start, .start, .remove(4), .append,
    ]

    /// Opens a journal and does everything that changes segments, until it fails.
    private func run(on disk: SimulatedDisk, _ durability: Durability, into history: inout History) {
        var label: UInt8 = 0
        do throws(JournalError) {
            var records: [[UInt8]] = []
            var journal = try openJournal(on: disk, durability, preallocates: true, replaying: &records)
            for step in SegmentCrashTests.steps {
                label += 1
                let entries = [JournalEntry([1, label]), JournalEntry(vote(label), isPrecious: true)]
                let current = journal.segments.last?.number ?? 0
                switch step {
                case .append:
                    history.attempted = (current, entries.map(\.payload))
                    _ = try journal.append(entries)
                case .start:
                    history.attempted = (current + 1, entries.map(\.payload))
                    _ = try journal.startSegment(entries, label: [label])
                case .remove(let number):
                    history.removing = number
                    try journal.remove(before: number)
                    history.removed = number
                }
                if let attempted = history.attempted { history.known.append(attempted) }
                history.attempted = nil
            }
        } catch {
            guard case .disk = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("are whole or not there, in order, wherever the power fails", arguments: 0..<10)
    func everyStep(seed: UInt64) throws {
        let operations: [DiskError.Operation] = [
            .listDirectory, .inspect, .open, .read, .size, .preallocate, .write, .sync, .rename, .syncDirectory,
            .remove,
        ]
        var cases = 0
        for operation in operations {
            var after = 0
            while true {
                let disk = SimulatedDisk()
                disk.inject(
                    .init(
                        operation: operation,
                        code: 5,
                        after: after,
                        keeping: [0, 80, 300, 4_200, 100_000][Int(seed) % 5],
                        leavesPending: seed % 3 != 0
                    )
                )
                var history = History()
                run(on: disk, .powerLoss, into: &history)
                let isOver = disk.takeFailures() == 0
                if seed == 0 { disk.losePowerAndEverythingUnsynced() } else { disk.losePower(seed: seed) }
                disk.clearFaults()
                try check(disk, history, "seed \(seed), \(operation) \(after)")
                cases += 1
                if isOver { break }
                after += 1
            }
        }
        #expect(cases > 70)
    }

    @Test("keep everything that was written when only the process dies", arguments: Durability.allCases)
    func processDies(durability: Durability) throws {
        for operation in [DiskError.Operation.open, .preallocate, .rename, .syncDirectory, .remove] {
            for after in 0..<8 {
                let disk = SimulatedDisk()
                disk.inject(.init(operation: operation, code: 5, after: after))
                var history = History()
                run(on: disk, durability, into: &history)
                disk.killProcess()
                disk.clearFaults()
                try check(disk, history, "\(operation) \(after)")
            }
        }
    }

    /// What is left is one of the possible things, and can be written on.
    private func check(_ disk: SimulatedDisk, _ history: History, _ comment: String) throws {
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        let isPossible = history.possible.contains(records)
        #expect(isPossible, "\(comment): \(records)")
        let numbers = journal.segments.map(\.number)
        #expect(numbers == Array((numbers.first ?? 0)..<(numbers.first ?? 0) + UInt64(numbers.count)), "\(comment)")
        _ = try journal.append([[7]])
        _ = try journal.startSegment([[8]], label: [8])
        disk.losePowerAndEverythingUnsynced()
        let again = try replay(disk).records
        #expect(again == records + [[7], [8]], "\(comment)")
    }

    @Test("are created in an order that survives: sealed, written, synced, named, and the name synced")
    func order() throws {
        let disk = SimulatedDisk(keepsLog: true)
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, preallocates: true, replaying: &records)
        _ = disk.takeLog()
        _ = try journal.startSegment([[1]], label: [])
        let new = segmentName(2) + ".new"
        #expect(
            disk.takeLog() == [
                "sync \(segmentName(1))", "open \(new)", "preallocate \(new)", "write \(new)", "sync \(new)",
                "rename \(new)", "sync directory",
            ]
        )
        _ = try journal.startSegment([[2]], label: [])
        _ = disk.takeLog()
        try journal.remove(before: 3)
        #expect(
            disk.takeLog() == [
                "remove \(segmentName(1))", "sync directory", "remove \(segmentName(2))", "sync directory",
            ]
        )
    }
}
