import HotStuff
import Testing

@testable import HotStuffReplica

/// What is said of a replica that catches up.
@Suite("The reports of one that catches up")
struct SyncReporterTests {
    private static let second: UInt64 = 1_000_000
    private var reporter = SyncReporter()

    private mutating func blocks(_ height: UInt64?, of goal: UInt64 = 10_000, at time: UInt64) -> String? {
        reporter.line(for: height.map { SyncProgress(height: Height($0), goal: Height(goal)) }, at: Instant(time))
    }

    private mutating func chunks(_ count: Int, of total: Int = 100, at time: UInt64) -> String? {
        let snapshot = SnapshotProgress(height: Height(500), chunkCount: count, totalCount: total)
        return reporter.line(for: nil, snapshot: snapshot, at: Instant(time))
    }

    @Test(
        "once a second it says how many blocks come in one, and how long the rest takes; and in the end how long it took"
    )
    mutating func blocks() {
        #expect(blocks(0, at: 0) == nil)
        #expect(blocks(400, at: Self.second - 1) == nil, "a second is not over")
        #expect(blocks(1_000, at: 2 * Self.second) == "catching up: block 1000 of 10000, 500 blocks/s, 18 s left")
        #expect(blocks(1_000, at: 4 * Self.second) == nil, "nothing came")
        #expect(blocks(1_001, at: 5 * Self.second) == "catching up: block 1001 of 10000, 0 blocks/s, 8999 s left")
        #expect(blocks(10_001, at: 6 * Self.second) == "catching up: block 10001 of 10000, 9000 blocks/s, 0 s left")
        #expect(blocks(nil, at: 6_270_000) == "caught up in 6.2 s")
        #expect(blocks(nil, at: 9 * Self.second) == nil)
    }

    @Test("a short way is not worth a word, nor one on which nothing came")
    mutating func short() {
        #expect(blocks(9_001, at: 0) == nil)
        #expect(blocks(9_900, at: 5 * Self.second) == nil)
        #expect(blocks(nil, at: 6 * Self.second) == nil)
        #expect(blocks(0, at: 7 * Self.second) == nil)
        #expect(blocks(nil, at: 8 * Self.second) == nil)
    }

    @Test("of a snapshot it says how many megabytes come in a second, and how long the rest takes")
    mutating func chunks() {
        #expect(chunks(0, at: 0) == nil)
        #expect(chunks(5, at: 999_999) == nil, "a second is not over")
        #expect(
            chunks(10, at: Self.second) == "taking the state of height 500: chunk 10 of 100, 10.4 MB/s, 9 s left"
        )
        #expect(chunks(10, at: 3 * Self.second) == nil, "nothing came")
        #expect(
            chunks(11, at: 21 * Self.second) == "taking the state of height 500: chunk 11 of 100, 0.0 MB/s, 1780 s left"
        )
        #expect(
            chunks(100, at: 22 * Self.second) == "taking the state of height 500: chunk 100 of 100, 93.3 MB/s, 0 s left"
        )
    }

    @Test("what it said of a snapshot is forgotten when that is there, and a clock that went back says nothing")
    mutating func another() {
        _ = chunks(90, at: Self.second)
        #expect(chunks(95, at: 0) == nil)
        #expect(blocks(nil, at: 2 * Self.second) == nil)
        #expect(chunks(1, at: 9 * Self.second) == nil)
        #expect(
            chunks(2, at: 10 * Self.second) == "taking the state of height 500: chunk 2 of 100, 1.0 MB/s, 98 s left"
        )
    }
}
