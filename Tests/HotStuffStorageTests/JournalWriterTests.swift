import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// What a writer has reported, to be waited for.
private final class Reports: Sendable {
    struct State {
        var progress: [JournalProgress] = []
        var failures: [JournalError] = []
    }

    let state = Monitor(State())

    var positions: [UInt64] { state.change { $0.progress.map(\.position) } }
    var failures: [JournalError] { state.change { $0.failures } }

    func wait(forPosition position: UInt64) {
        _ = state.wait { state in state.progress.contains { $0.position >= position } ? true : nil }
    }

    func waitForFailure() -> JournalError {
        state.wait { $0.failures.first }
    }
}

/// Holds syncs back until it is opened, and tells when one has come.
private final class Gate: Sendable {
    private let state = Monitor((isOpen: false, arrivals: 0))

    func pass() {
        state.change { $0.arrivals += 1 }
        _ = state.wait { $0.isOpen ? true : nil }
    }

    func waitForArrival() {
        _ = state.wait { $0.arrivals > 0 ? true : nil }
    }

    func open() {
        state.change { $0.isOpen = true }
    }
}

@Suite("A journal writer")
struct JournalWriterTests {
    private let disk = SimulatedDisk(keepsLog: true)
    private let reports = Reports()

    private func start(
        maximumBatchBytes: Int = 1 << 20,
        maximumQueuedBytes: Int = 1 << 20
    ) throws -> JournalWriter<SimulatedDisk> {
        var records: [[UInt8]] = []
        let journal = try openJournal(on: disk, maximumBatchBytes: maximumBatchBytes, replaying: &records)
        let reports = reports
        return try JournalWriter(
            journal,
            maximumQueuedBytes: maximumQueuedBytes,
            onDurable: { progress in reports.state.change { $0.progress.append(progress) } },
            onFailure: { error in reports.state.change { $0.failures.append(error) } }
        )
    }

    @Test("reports what is durable, in order, with places at which it can be read")
    func order() throws {
        let writer = try start()
        for position: UInt64 in 1...100 {
            try writer.submit([[UInt8(position)], [0, UInt8(position)]], position: position)
        }
        writer.stop()
        let progress = reports.state.change { $0.progress }
        #expect(progress.flatMap(\.submissions).map(\.position) == Array(1...100))
        #expect(progress.map(\.position) == progress.compactMap { $0.submissions.last?.position })
        for submission in progress.flatMap(\.submissions) {
            let payloads = try submission.locations.map { try writer.reader.read($0) }
            #expect(payloads == [[UInt8(submission.position)], [0, UInt8(submission.position)]])
        }
        disk.losePowerAndEverythingUnsynced()
        let replayed = try replay(disk).records
        #expect(replayed.count == 200)
    }

    @Test("writes all that came during a slow sync as one batch with one sync")
    func batching() throws {
        let writer = try start()
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        _ = disk.takeLog()
        try writer.submit([[0]], position: 1)
        gate.waitForArrival()
        for position: UInt64 in 2...50 {
            try writer.submit([[UInt8(position)]], position: position)
        }
        #expect(reports.positions.isEmpty, "reported before its sync")
        gate.open()
        writer.stop()
        #expect(reports.positions == [1, 50])
        #expect(
            disk.takeLog() == [
                "write journal-0000000001", "sync journal-0000000001", "write journal-0000000001",
                "sync journal-0000000001", "open durable", "write durable",
            ]
        )
    }

    @Test("takes no more into a batch than the journal allows, and never divides a submission")
    func batchLimit() throws {
        let writer = try start(maximumBatchBytes: 1_024)
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        try writer.submit([[0]], position: 1)
        gate.waitForArrival()
        for position: UInt64 in 2...7 {
            try writer.submit(
                [[UInt8](repeating: 1, count: 180), [UInt8](repeating: 2, count: 180)],
                position: position
            )
        }
        let error = failure { () throws(JournalError) in
            try writer.submit([[UInt8](repeating: 0, count: 2_000)], position: 8)
        }
        #expect(error == .batchTooLarge(path: "/simulated/journal", bytes: 2_124, maximum: 1_024))
        gate.open()
        writer.stop()
        #expect(reports.positions == [1, 3, 5, 7])
    }

    @Test("reports a submission without records when all before it is durable")
    func barrier() throws {
        let writer = try start()
        try writer.submit([[1]], position: 1)
        try writer.submit([[UInt8]](), position: 2)
        reports.wait(forPosition: 2)
        #expect(reports.positions.last == 2)
        writer.stop()
    }

    @Test("makes submitters wait while its queue is full, and loses none of them")
    func fullQueue() async throws {
        let writer = try start(maximumQueuedBytes: 100)
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        let admitted = Monitor(0)
        let submitter = try SystemThread(named: "test") {
            for position: UInt64 in 1...20 {
                guard (try? writer.submit([[UInt8](repeating: 1, count: 60)], position: position)) != nil else {
                    return
                }
                admitted.change { $0 += 1 }
            }
        }
        gate.waitForArrival()
        // One is being written, one waits, and there is no room for another.
        _ = admitted.wait { $0 == 2 ? true : nil }
        #expect(reports.positions.isEmpty)
        gate.open()
        submitter.join()
        writer.stop()
        #expect(admitted.change { $0 } == 20)
        #expect(reports.state.change { $0.progress.flatMap(\.submissions).count } == 20)
    }

    @Test("accepts submissions from several threads")
    func severalThreads() throws {
        let writer = try start()
        let next = Monitor(UInt64(0))
        let threads = try (0..<4).map { _ in
            try SystemThread(named: "test") {
                for _ in 0..<50 {
                    // The lock makes the order of positions the order of submissions.
                    next.change { next in
                        next += 1
                        try? writer.submit([[1]], position: next)
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        writer.stop()
        let positions = reports.state.change { $0.progress.flatMap(\.submissions).map(\.position) }
        #expect(positions == Array(1...200))
    }

    @Test("reports a failure once, refuses everything after it, and reports nothing durable that is not")
    func failureStops() throws {
        let writer = try start()
        try writer.submit([[1]], position: 1)
        reports.wait(forPosition: 1)
        disk.inject(.init(operation: .sync, code: EIO))
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        try writer.submit([[2]], position: 2)
        gate.waitForArrival()
        try writer.submit([[3]], position: 3)
        gate.open()
        let error = JournalError.disk(DiskError(operation: .sync, path: "/simulated/journal-0000000001", code: EIO))
        #expect(reports.waitForFailure() == error)
        #expect(failure { () throws(JournalError) in try writer.submit([[4]], position: 4) } == error)
        writer.stop()
        #expect(reports.positions == [1])
        #expect(reports.failures == [error])
        disk.losePowerAndEverythingUnsynced()
        let replayed = try replay(disk).records
        #expect(replayed == [[1]])
    }

    @Test("wakes a submitter that waits for room when the journal fails")
    func failureWakes() throws {
        let writer = try start(maximumQueuedBytes: 10)
        disk.inject(.init(operation: .sync, code: EIO))
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        let outcomes = Monitor<[JournalError?]>([])
        let submitter = try SystemThread(named: "test") {
            for position: UInt64 in 1...3 {
                let outcome = failure { () throws(JournalError) in try writer.submit([[1]], position: position) }
                outcomes.change { $0.append(outcome) }
            }
        }
        gate.waitForArrival()
        _ = outcomes.wait { $0.count == 2 ? true : nil }
        gate.open()
        submitter.join()
        let error = JournalError.disk(DiskError(operation: .sync, path: "/simulated/journal-0000000001", code: EIO))
        #expect(outcomes.change { $0 } == [nil, nil, error])
        writer.stop()
    }

    @Test("writes at once for who asks for that, and tells nobody else, unless its thread is at work")
    func writingHere() throws {
        let writer = try start()
        let first = try #require(try writer.write([JournalEntry([1])], position: 1))
        #expect(first.position == 1 && first.submissions.map(\.position) == [1])
        #expect(try writer.reader.read(first.submissions[0].locations[0]) == [1])
        let gate = Gate()
        disk.beforeSync { gate.pass() }
        try writer.submit([[2]], position: 2)
        gate.waitForArrival()
        #expect(try writer.write([JournalEntry([3])], position: 3) == nil)
        gate.open()
        reports.wait(forPosition: 3)
        #expect(reports.positions == [2, 3])
        writer.stop()
        #expect(failure { () throws(JournalError) in try writer.write([JournalEntry([4])], position: 4) } == .stopped)
        disk.losePowerAndEverythingUnsynced()
        #expect(try replay(disk).records == [[1], [2], [3]])
    }

    @Test(
        "who writes in place of the thread and who queues get along, and all is in order",
        arguments: 0..<8 as Range<UInt64>
    )
    func mixed(seed: UInt64) throws {
        let writer = try start()
        var random = RandomSource(seed: seed)
        var own: [UInt64] = []
        for position in 1...300 as ClosedRange<UInt64> {
            if random.chance(oneIn: 3) {
                try writer.submit([[UInt8(truncatingIfNeeded: position)]], position: position)
            } else if let progress = try writer.write(
                [JournalEntry([UInt8(truncatingIfNeeded: position)])],
                position: position
            ) {
                #expect(progress.position == position)
                own.append(position)
            }
        }
        writer.stop()
        let reported = reports.state.change { $0.progress.flatMap(\.submissions).map(\.position) }
        #expect(reported == reported.sorted() && (reported + own).sorted() == Array(1...300))
        disk.losePowerAndEverythingUnsynced()
        #expect(try replay(disk).records == (1...300).map { [UInt8(truncatingIfNeeded: $0)] })
    }

    @Test("a failure of one's own write is the end for all, and is reported once")
    func failingHere() throws {
        let writer = try start()
        _ = try writer.write([JournalEntry([1])], position: 1)
        disk.inject(.init(operation: .sync, code: EIO))
        let error = JournalError.disk(DiskError(operation: .sync, path: "/simulated/journal-0000000001", code: EIO))
        #expect(failure { () throws(JournalError) in try writer.write([JournalEntry([2])], position: 2) } == error)
        #expect(failure { () throws(JournalError) in try writer.write([JournalEntry([3])], position: 3) } == error)
        #expect(failure { () throws(JournalError) in try writer.submit([[3]], position: 3) } == error)
        writer.stop()
        #expect(reports.failures == [error] && reports.positions.isEmpty)
        disk.losePowerAndEverythingUnsynced()
        #expect(try replay(disk).records == [[1]])
    }

    @Test("writes what is queued when it is stopped, or dropped, and takes nothing more")
    func stopping() throws {
        let writer = try start()
        try writer.submit([[1]], position: 1)
        writer.stop()
        writer.stop()
        #expect(reports.positions == [1])
        #expect(failure { () throws(JournalError) in try writer.submit([[2]], position: 2) } == .stopped)
        do {
            let dropped = try start()
            try dropped.submit([[3]], position: 1)
        }
        disk.losePowerAndEverythingUnsynced()
        let replayed = try replay(disk).records
        #expect(replayed == [[1], [3]])
    }
}
