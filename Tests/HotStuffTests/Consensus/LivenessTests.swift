import HotStuff
import Testing

@Suite("Pacemaker")
struct PacemakerTests {
    private func pacemaker(_ milliseconds: UInt64 = 1_000, maximum: UInt64 = 10_000, growth: UInt64 = 150) -> Pacemaker
    {
        Pacemaker(
            settings: PacemakerSettings(
                viewTimeoutMilliseconds: milliseconds,
                growthPercent: growth,
                maximumTimeoutMilliseconds: maximum
            )
        )
    }

    @Test("the timer runs while there is work, and from when the work came")
    func runsWithWork() {
        var pacemaker = pacemaker()
        pacemaker.update(hasWork: false, now: Instant(5))
        #expect(pacemaker.deadline == nil)
        pacemaker.update(hasWork: true, now: Instant(7))
        pacemaker.update(hasWork: true, now: Instant(9_000))
        #expect(pacemaker.deadline == Instant(1_000_007))
        pacemaker.update(hasWork: false, now: Instant(9_001))
        #expect(pacemaker.deadline == nil)
        let expired = pacemaker.expires(now: Instant(.max))
        #expect(!expired)
    }

    @Test("the time grows with each failed view and with each repetition, is capped, and falls back on a commit")
    func grows() {
        var pacemaker = pacemaker()
        var times: [UInt64] = []
        for _ in 0..<8 {
            times.append(pacemaker.timeoutMicroseconds)
            pacemaker.enterView(afterFailure: true)
        }
        #expect(times == [1_000_000, 1_500_000, 2_250_000, 3_375_000, 5_062_500, 7_593_750, 10_000_000, 10_000_000])
        pacemaker.enterView(afterFailure: false)
        #expect(pacemaker.timeoutMicroseconds == 10_000_000)
        pacemaker.committed()
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
        pacemaker.update(hasWork: true, now: Instant(0))
        #expect(pacemaker.expires(now: Instant(1_000_000)) == true)
        #expect(pacemaker.deadline == Instant(2_500_000))
        #expect(pacemaker.expires(now: Instant(2_499_999)) == false)
        #expect(pacemaker.expires(now: Instant(2_500_000)) == true)
        #expect(pacemaker.deadline == Instant(4_750_000))
    }

    @Test("the timer of an old view does not end the new one")
    func forgetsOldView() {
        var pacemaker = pacemaker()
        pacemaker.update(hasWork: true, now: Instant(0))
        pacemaker.enterView(afterFailure: false)
        #expect(pacemaker.expires(now: Instant(5_000_000)) == false)
        pacemaker.update(hasWork: true, now: Instant(5_000_000))
        #expect(pacemaker.deadline == Instant(6_000_000))
    }

    @Test("a time of one millisecond is not cut to nothing, and a million failures overflow nothing")
    func extremes() {
        var short = pacemaker(1, maximum: 2)
        short.update(hasWork: true, now: Instant(0))
        #expect(short.deadline == Instant(1_000))
        #expect(short.patienceMicroseconds == 500)
        var long = pacemaker(3_600_000, maximum: 3_600_000, growth: 1_000)
        for _ in 0..<100_000 { long.enterView(afterFailure: true) }
        #expect(long.timeoutMicroseconds == 3_600_000_000)
        var flat = pacemaker(5, maximum: 3_600_000, growth: 100)
        for _ in 0..<100_000 { flat.enterView(afterFailure: true) }
        #expect(flat.timeoutMicroseconds == 5_000)
        long.update(hasWork: true, now: Instant(.max))
        #expect(long.deadline == Instant(.max))
    }
}

@Suite("BlockFetcher")
struct BlockFetcherTests {
    private let targets = (0..<9).map { Digest(word0: $0, word1: 0, word2: 0, word3: 0) }

    private func target(_ number: Int) -> BlockFetcher.Target {
        BlockFetcher.Target(targets[number], at: Height(UInt64(70 + number)))
    }

    private func fetcher(_ replica: UInt16 = 0, of count: Int = 4) -> BlockFetcher {
        BlockFetcher(replica: ReplicaID(replica), replicaCount: count, intervalMicroseconds: 1_000)
    }

    @Test("the first request goes to the informant after a moment, the next to the others in turn, never to itself")
    func asksInTurn() {
        var fetcher = fetcher(2)
        fetcher.seek([target(0)], from: ReplicaID(1), now: Instant(0))
        #expect(fetcher.errands(now: Instant(99), above: .genesis).isEmpty)
        var peers: [UInt16] = []
        for _ in 0..<6 {
            let due = fetcher.deadline ?? Instant(.max)
            peers += fetcher.errands(now: due, above: .genesis).map(\.peer.rawValue)
        }
        #expect(peers == [1, 3, 0, 1, 3, 0])
    }

    @Test("a block that nobody has costs one request per interval, and the interval grows")
    func isPatient() {
        var fetcher = fetcher()
        var requests = 0
        for time in stride(from: UInt64(0), to: 1_000_000, by: 100) {
            fetcher.seek([target(0)], from: ReplicaID(1), now: Instant(time))
            requests += fetcher.errands(now: Instant(time), above: .genesis).count
        }
        #expect(requests < 50)
        #expect(requests > 20)
    }

    @Test("an answer counts only from the peer that was asked last")
    func expectsAnswers() {
        var fetcher = fetcher()
        fetcher.seek([target(0)], from: ReplicaID(1), now: Instant(0))
        #expect(!fetcher.expects(targets[0], from: ReplicaID(1)))
        _ = fetcher.errands(now: Instant(100), above: .genesis)
        #expect(fetcher.expects(targets[0], from: ReplicaID(1)))
        #expect(!fetcher.expects(targets[0], from: ReplicaID(2)))
        #expect(!fetcher.expects(targets[1], from: ReplicaID(1)))
    }

    @Test("a useful answer is followed by a request for the rest at once, a useless one by a request to another")
    func goesOn() {
        var fetcher = fetcher()
        fetcher.seek([target(0)], from: ReplicaID(1), now: Instant(0))
        _ = fetcher.errands(now: Instant(100), above: .genesis)
        fetcher.advance(targets[0], with: ReplicaID(1), above: Height(64), now: Instant(200))
        let next = fetcher.errands(now: Instant(200), above: Height(3))
        #expect(next.map(\.peer) == [ReplicaID(1)])
        #expect(next.map(\.request) == [BlockRequest(target: targets[0], at: Height(70), above: Height(64))])
        fetcher.fail(targets[0], with: ReplicaID(1), now: Instant(300))
        let other = fetcher.errands(now: Instant(300), above: Height(3))
        #expect(other.map(\.peer) == [ReplicaID(2)])
        #expect(other.map(\.request.above) == [Height(3)])
    }

    @Test("useless answers of all do not make it ask without end")
    func doesNotSpin() {
        var fetcher = fetcher()
        fetcher.seek([target(0)], from: ReplicaID(1), now: Instant(0))
        var requests = 0
        for _ in 0..<1_000 {
            for errand in fetcher.errands(now: Instant(100), above: .genesis) {
                requests += 1
                fetcher.fail(targets[0], with: errand.peer, now: Instant(100))
            }
        }
        #expect(requests == 3)
    }

    @Test("few blocks are sought at a time, what is no longer sought is forgotten, and alone nobody is asked")
    func isBounded() {
        var fetcher = fetcher()
        fetcher.seek((0..<9).map(target), from: ReplicaID(1), now: Instant(0))
        #expect(fetcher.errands(now: Instant(100), above: .genesis).count == BlockFetcher.capacity)
        fetcher.seek([target(8)], from: ReplicaID(1), now: Instant(0))
        #expect(!fetcher.seeks(targets[0]))
        #expect(fetcher.seeks(targets[8]))
        var alone = self.fetcher(0, of: 1)
        alone.seek([target(0)], from: ReplicaID(0), now: Instant(0))
        #expect(alone.errands(now: Instant(.max), above: .genesis).isEmpty)
    }
}
