import HotStuff
import Testing

/// Who is asked for what, in which order, and what comes of answers, silence and lies.
@Suite("Sync of the chain")
struct ChainSyncTests {
    private static let interval: UInt64 = 1_000
    private let fixture = FinalChain(length: 1_600)

    private func sync(goal: UInt64 = 1_598) -> ChainSync {
        var sync = ChainSync(replica: ReplicaID(0), replicaCount: 4, intervalMicroseconds: Self.interval)
        sync.aim(at: Height(goal), above: .genesis)
        return sync
    }

    private func errands(_ sync: inout ChainSync, at time: UInt64, above root: UInt64 = 0) -> [ChainSync.Errand] {
        sync.errands(now: Instant(time), above: Height(root)) { _ in true }
    }

    private func range(above: Int, through: Int) throws -> Verified<BlockRange> {
        try fixture.verified(above + 1...through)
    }

    private func nothing(above: UInt64) throws -> Verified<BlockRange> {
        try fixture.verified(BlockRange(nothingAbove: Height(above)))
    }

    private func text(_ errands: [ChainSync.Errand]) -> [String] {
        errands.map { "\($0.peer): \($0.request.above)...\($0.request.through)" }
    }

    @Test(
        "listeners are asked only where every replica is busy or out of reach, and like them are left alone after a lie"
    )
    func listeners() throws {
        let listeners = [ReplicaID(1_024), ReplicaID(1_030)]
        var sync = ChainSync(
            replica: ReplicaID(0),
            replicaCount: 4,
            listeners: listeners,
            intervalMicroseconds: Self.interval
        )
        sync.aim(at: Height(1_598), above: .genesis)
        let first = sync.errands(now: Instant(0), above: .genesis) { $0 != ReplicaID(1_030) }
        #expect(text(first) == ["1: 0...512", "2: 512...1024", "3: 1024...1536", "1024: 1536...1598"])
        #expect(sync.expects(BlockRange(nothingAbove: Height(1_536)), from: listeners[0]))
        sync.mistrust(listeners[0], now: Instant(1))
        let second = sync.errands(now: Instant(1), above: .genesis) { _ in true }
        #expect(text(second) == ["1030: 1536...1598"])
        sync.receive(try range(above: 0, through: 512), from: ReplicaID(1), now: Instant(2))
        sync.aim(at: Height(3_000), above: .genesis)
        let third = sync.errands(now: Instant(2), above: .genesis) { _ in true }
        #expect(text(third) == ["1: 1598...2110"])
    }

    @Test("the way is shared out among all others, a range each")
    func shares() {
        var sync = sync()
        #expect(text(errands(&sync, at: 0)) == ["1: 0...512", "2: 512...1024", "3: 1024...1536"])
        #expect(errands(&sync, at: 1).isEmpty, "everybody is busy")
        #expect(sync.deadline == Instant(Self.interval))
    }

    @Test("what comes out of order waits for what is below it")
    func order() throws {
        var sync = sync()
        _ = errands(&sync, at: 0)
        sync.receive(try range(above: 512, through: 1_024), from: ReplicaID(2), now: Instant(1))
        #expect(sync.takeNext(above: .genesis) == nil)
        #expect(text(errands(&sync, at: 2)) == ["2: 1536...1598"], "who has answered is asked for more")
        sync.receive(try range(above: 0, through: 512), from: ReplicaID(1), now: Instant(3))
        #expect(sync.takeNext(above: .genesis)?.content.above == .genesis)
        #expect(sync.takeNext(above: Height(512))?.content.above == Height(512))
        #expect(sync.takeNext(above: Height(1_024)) == nil)
        #expect(sync.isFruitful)
    }

    @Test("an answer that is shorter than the question leaves the rest to be asked again")
    func short() throws {
        var sync = sync()
        _ = errands(&sync, at: 0)
        sync.receive(try range(above: 0, through: 100), from: ReplicaID(1), now: Instant(1))
        #expect(text(errands(&sync, at: 2)) == ["1: 100...512"])
    }

    @Test("who does not answer is left alone for a time that doubles, and another is asked")
    func silence() {
        var sync = sync(goal: 100)
        #expect(text(errands(&sync, at: 0)) == ["1: 0...100"])
        #expect(text(errands(&sync, at: 1_000)) == ["2: 0...100"])
        #expect(text(errands(&sync, at: 2_000)) == ["3: 0...100"])
        #expect(text(errands(&sync, at: 3_000)) == ["1: 0...100"])
        #expect(!sync.isFruitful)
        #expect(text(errands(&sync, at: 4_000)) == ["2: 0...100"])
        #expect(text(errands(&sync, at: 5_000)) == ["3: 0...100"])
        // Each has failed twice now and rests for two intervals.
        #expect(text(errands(&sync, at: 6_000)) == ["1: 0...100"])
    }

    @Test("who has nothing is asked again later, and is no liar")
    func empty() throws {
        var sync = sync(goal: 100)
        _ = errands(&sync, at: 0)
        sync.receive(try nothing(above: 0), from: ReplicaID(1), now: Instant(10))
        #expect(text(errands(&sync, at: 10)) == ["2: 0...100"])
        sync.receive(try nothing(above: 0), from: ReplicaID(2), now: Instant(20))
        #expect(text(errands(&sync, at: 20)) == ["3: 0...100"])
        sync.receive(try nothing(above: 0), from: ReplicaID(3), now: Instant(30))
        #expect(errands(&sync, at: 30).isEmpty)
        #expect(sync.deadline == Instant(1_010))
        #expect(text(errands(&sync, at: 1_010)) == ["1: 0...100"])
    }

    @Test("nobody waits for the answer of a liar to know that blocks are gone, whatever has come since it lied")
    func gapBesideLiar() throws {
        var sync = sync(goal: 1_024)
        #expect(text(errands(&sync, at: 0)) == ["1: 0...512", "2: 512...1024"])
        sync.mistrust(ReplicaID(1), now: Instant(0))
        sync.receive(try range(above: 512, through: 1_024), from: ReplicaID(2), now: Instant(1))
        var time: UInt64 = 1
        while !sync.isExhausted(isReachable: { _ in true }), time < ChainSync.penaltyMicroseconds {
            for errand in errands(&sync, at: time) {
                #expect(errand.peer != ReplicaID(1))
                sync.receive(try nothing(above: 0), from: errand.peer, now: Instant(time))
            }
            time += 100
        }
        #expect(time < 20 * Self.interval)
        // When it is asked again, its answer counts again.
        let second = sync.errands(now: Instant(2 * ChainSync.penaltyMicroseconds), above: .genesis) {
            $0 == ReplicaID(1)
        }
        #expect(text(second) == ["1: 0...512"])
        #expect(!sync.isExhausted(isReachable: { $0 == ReplicaID(1) }))
    }

    @Test("blocks are gone if nobody has the next ones, whatever has come of those above them")
    func gapBelow() throws {
        var sync = sync(goal: 1_024)
        #expect(text(errands(&sync, at: 0)) == ["1: 0...512", "2: 512...1024"])
        sync.receive(try range(above: 512, through: 1_024), from: ReplicaID(2), now: Instant(1))
        var time: UInt64 = 1
        while !sync.isExhausted(isReachable: { _ in true }), time < 1_000_000 {
            for errand in errands(&sync, at: time) {
                #expect(errand.request.above == .genesis)
                sync.receive(try nothing(above: 0), from: errand.peer, now: Instant(time))
            }
            time += 500
        }
        #expect(time < 1_000_000, "nobody has the first blocks")
    }

    @Test("a liar is set aside for a minute, and what was asked of it is asked of others at once")
    func liar() {
        var sync = sync(goal: 100)
        #expect(text(errands(&sync, at: 0)) == ["1: 0...100"])
        sync.mistrust(ReplicaID(1), now: Instant(5))
        #expect(text(errands(&sync, at: 5)) == ["2: 0...100"])
        for time in stride(from: UInt64(1_005), through: 60_000_000, by: 500_000) {
            #expect(!errands(&sync, at: time).contains { $0.peer == ReplicaID(1) }, "at \(time)")
        }
        let later = stride(from: UInt64(60_000_005), through: 60_200_000, by: 1_000).flatMap { errands(&sync, at: $0) }
        #expect(later.contains { $0.peer == ReplicaID(1) })
    }

    @Test("only what was asked is expected, and only of whom it was asked")
    func expects() throws {
        var sync = sync()
        _ = errands(&sync, at: 0)
        let first = try range(above: 0, through: 512).content
        #expect((0..<4).filter { sync.expects(first, from: ReplicaID($0)) } == [1])
        let odd = try range(above: 3, through: 512)
        #expect((0..<4).allSatisfy { !sync.expects(odd.content, from: ReplicaID($0)) })
        sync.receive(odd, from: ReplicaID(1), now: Instant(1))
        #expect(sync.takeNext(above: Height(3)) == nil)
    }

    @Test("no more is held than eight ranges, however far the goal")
    func bounded() throws {
        let many = World(16)
        var sync = ChainSync(
            replica: ReplicaID(0),
            replicaCount: many.committee.validators.count,
            intervalMicroseconds: 1
        )
        sync.aim(at: Height(1 << 40), above: .genesis)
        #expect(sync.errands(now: Instant(0), above: .genesis) { _ in true }.count == ChainSync.capacity)
        #expect(sync.count == ChainSync.capacity)
    }

    @Test("nobody is asked who is not connected, and nothing when there is nothing to get")
    func rests() {
        var sync = sync(goal: 100)
        #expect(sync.errands(now: Instant(0), above: .genesis) { $0 == ReplicaID(3) }.map(\.peer) == [ReplicaID(3)])
        sync.aim(at: nil, above: .genesis)
        #expect(sync.count == 0 && !sync.isActive && sync.deadline == nil)
        #expect(errands(&sync, at: 5).isEmpty)
        sync.aim(at: Height(100), above: Height(100))
        #expect(!sync.isActive)
    }
}
