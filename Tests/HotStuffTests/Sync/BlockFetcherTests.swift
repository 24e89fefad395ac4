import HotStuff
import Testing

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
        fetcher.seek([target(0)], above: .genesis, from: ReplicaID(1), now: Instant(0))
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
            fetcher.seek([target(0)], above: .genesis, from: ReplicaID(1), now: Instant(time))
            requests += fetcher.errands(now: Instant(time), above: .genesis).count
        }
        #expect(requests < 50)
        #expect(requests > 20)
    }

    @Test("a block that is sought again goes on with the next peer, not with the one that had nothing")
    func goesOnWhereItStopped() {
        var fetcher = fetcher()
        var peers: [UInt16] = []
        for round in 0..<4 {
            let now = Instant(UInt64(round) * 10_000)
            fetcher.seek([target(0)], above: .genesis, from: ReplicaID(3), now: now)
            peers += fetcher.errands(now: now.advanced(byMicroseconds: 100), above: .genesis).map(\.peer.rawValue)
            fetcher.seek([], above: .genesis, from: ReplicaID(3), now: now.advanced(byMicroseconds: 200))
            // Others that come and go meanwhile are not mixed up with it.
            fetcher.seek(
                [target(1 + round)],
                above: .genesis,
                from: ReplicaID(2),
                now: now.advanced(byMicroseconds: 300)
            )
        }
        #expect(peers == [3, 1, 2, 3])
    }

    @Test("an answer counts only from the peer that was asked last")
    func expectsAnswers() {
        var fetcher = fetcher()
        fetcher.seek([target(0)], above: .genesis, from: ReplicaID(1), now: Instant(0))
        #expect(!fetcher.expects(targets[0], from: ReplicaID(1)))
        _ = fetcher.errands(now: Instant(100), above: .genesis)
        #expect(fetcher.expects(targets[0], from: ReplicaID(1)))
        #expect(!fetcher.expects(targets[0], from: ReplicaID(2)))
        #expect(!fetcher.expects(targets[1], from: ReplicaID(1)))
    }

    @Test("a useful answer is followed by a request for the rest at once, a useless one by a request to another")
    func goesOn() {
        var fetcher = fetcher()
        fetcher.seek([target(0)], above: .genesis, from: ReplicaID(1), now: Instant(0))
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
        fetcher.seek([target(0)], above: .genesis, from: ReplicaID(1), now: Instant(0))
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
        fetcher.seek((0..<9).map(target), above: .genesis, from: ReplicaID(1), now: Instant(0))
        #expect(fetcher.errands(now: Instant(100), above: .genesis).count == BlockFetcher.capacity)
        fetcher.seek([target(8)], above: .genesis, from: ReplicaID(1), now: Instant(0))
        #expect(!fetcher.seeks(targets[0]))
        #expect(fetcher.seeks(targets[8]))
        var alone = self.fetcher(0, of: 1)
        alone.seek([target(0)], above: .genesis, from: ReplicaID(0), now: Instant(0))
        #expect(alone.errands(now: Instant(.max), above: .genesis).isEmpty)
    }

    @Test("of a chain that runs away one block after the other is named, and not each is asked for while nothing comes")
    func runningChain() {
        var fetcher = fetcher(4, of: 1)
        var requests: [UInt64] = []
        for time in stride(from: UInt64(0), to: 100_000, by: 200) {
            let block = BlockFetcher.Target(Digest(word0: time, word1: 1, word2: 0, word3: 0), at: Height(70 + time))
            for now in [time, time + 150] {
                fetcher.seek([block], above: Height(7), from: ReplicaID(0), now: Instant(now))
                for errand in fetcher.errands(now: Instant(now), above: Height(7)) {
                    requests.append(now)
                    fetcher.fail(errand.request.target, with: errand.peer, now: Instant(now))
                }
            }
        }
        #expect(zip(requests, requests.dropFirst()).allSatisfy { $1 - $0 >= 1_000 })
        #expect(requests.count > 50)
        // As soon as more is known, the next is asked for after a moment again.
        fetcher.seek([target(0)], above: Height(8), from: ReplicaID(0), now: Instant(100_000))
        #expect(fetcher.deadline == Instant(100_100))
    }
}
