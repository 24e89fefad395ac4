import HotStuff
import Testing

@Suite("Leaders by reputation")
struct ReputationTests {
    private func chain(_ count: Int, interval: UInt64 = 1_000_000, powers: [UInt64]? = nil) -> LedChain {
        LedChain(
            Reputation(),
            world: World(count, powers: powers, parameters: ChainParameters(snapshotInterval: interval))
        )
    }

    @Test("as long as nobody fails it is everybody's turn as ever")
    func turns() {
        var chain = chain(7)
        #expect((1...30 as ClosedRange<UInt64>).allSatisfy { chain.run($0) == Int($0 % 7) })
        #expect(chain.history.failures.isEmpty)
    }

    @Test("a crashed replica costs one view in a window of 2n views, which doubles up to 256n", arguments: [4, 7, 10])
    func oneCrash(count: Int) throws {
        var chain = chain(count)
        var failed: [UInt64] = []
        for view in 1...UInt64(1_600 * count) where chain.run(view, dead: [2]) == 2 { failed.append(view) }
        var window = UInt64(2 * count)
        for (last, next) in zip(failed, failed.dropFirst()) {
            #expect(next > last + window && next <= last + window + UInt64(count), "\(failed)")
            window = min(2 * window, UInt64(256 * count))
        }
        #expect(failed.first == 2 && window == UInt64(256 * count))
        // Fourteen of sixteen hundred turns.
        #expect(failed.count <= 14)
    }

    @Test("the turns of one that is passed over go to all others alike, who keep their own")
    func fairness() {
        var chain = chain(4)
        for view in 1...200 as ClosedRange<UInt64> { chain.run(view, dead: [3]) }
        var shares = [0, 0, 0, 0]
        // Within the window that began in view 139.
        for view in 201...236 as ClosedRange<UInt64> {
            let leader = chain.run(view, dead: [3])
            shares[leader] += 1
            if view % 4 != 3 { #expect(leader == Int(view % 4)) }
        }
        #expect(shares == [12, 12, 12, 0])
    }

    @Test("who leads again is forgiven, and a later failure begins anew")
    func forgiven() {
        var chain = chain(4)
        for view in 1...40 as ClosedRange<UInt64> { chain.run(view, dead: [1]) }
        #expect(chain.history.failures.map(\.leader) == [ReplicaID(1)])
        #expect(chain.history.failures.map(\.count) == [3])
        for view in 41...100 as ClosedRange<UInt64> { chain.run(view) }
        #expect(chain.history.failures.isEmpty)
        for view in 101...104 as ClosedRange<UInt64> { chain.run(view, dead: [1]) }
        #expect(chain.history.failures.map(\.count) == [1])
    }

    @Test(
        "never are more than f of the power passed over, whoever fails",
        arguments: [
            [1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], [1, 1], [1], [5, 1, 1, 1, 1, 1], [10, 20, 30, 40, 33],
        ] as [[UInt64]]
    )
    func bound(powers: [UInt64]) {
        var chain = chain(powers.count, powers: powers)
        let validators = chain.world.committee.validators
        let most = validators.totalPower.rawValue - validators.quorum.rawValue
        var state: UInt64 = 7
        for view in 1...2_000 as ClosedRange<UInt64> {
            // A third of all views fail, whoever leads them.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let fails = state >> 33 & 3 == 0
            chain.run(view, dead: fails ? Set(powers.indices) : [])
            let absent = Reputation().passedOver(in: View(view + 1), after: chain.history, among: validators)
            #expect(validators.power(of: absent).rawValue <= most)
            #expect(Set(absent).count == absent.count)
            #expect(chain.history.failures.count <= powers.count)
        }
    }

    @Test("who is gone for long stays passed over when a liar makes others look as if they had failed once")
    func blame() {
        var chain = chain(4)
        for view in 1...16 as ClosedRange<UInt64> { chain.run(view, dead: [3]) }
        let next = chain.schedule.leader(of: View(18), after: chain.history)
        // Two honest leaders are left out by a block on an older certificate.
        chain.add(19, by: next ?? ReplicaID(0))
        #expect(chain.history.failures.first?.leader == ReplicaID(3))
        let absent = Reputation().passedOver(
            in: View(20),
            after: chain.history,
            among: chain.world.committee.validators
        )
        #expect(absent == [ReplicaID(3)])
    }

    @Test("of a gap of a million views the first 2n are looked at")
    func longGap() {
        var chain = chain(4)
        chain.run(1)
        let gap = chain.schedule.leader(of: View(1_000_000), after: chain.history)
        // All windows are over: everybody has his turn.
        #expect(gap == ReplicaID(0))
        chain.add(1_000_000, by: ReplicaID(0))
        #expect(chain.history.failures.allSatisfy { $0.view <= View(9) })
        #expect(chain.schedule.leader(of: View(.max), after: chain.history) == ReplicaID(3))
    }

    @Test("the history begins afresh where a snapshot is due, so that nobody needs older headers")
    func afresh() {
        var chain = chain(4, interval: 10)
        var beginning: (header: BlockHeader, index: Int)?
        for view in 1...60 as ClosedRange<UInt64> {
            chain.run(view, dead: [2])
            if let last = chain.headers.last, last.height == Height(20), beginning == nil {
                #expect(chain.history == LeaderHistory(beginningIn: last.view))
                beginning = (last, chain.headers.count)
            }
        }
        guard let beginning else { return #expect(Bool(false), "no block of height 20") }
        var history = LeaderHistory(beginningIn: chain.headers[beginning.index].justifyView)
        for header in chain.headers[beginning.index...] { history = chain.schedule.history(history, with: header) }
        #expect(history == chain.history)
    }

    @Test("who knows the chain below a block agrees on its leader, however much of it is final where he stands")
    func agreement() {
        let world = World(4, parameters: ChainParameters(leaderElection: .reputation))
        let schedule = world.schedule
        let chain = TestChain(world)
        var blocks: [Block] = []
        for view in [1, 2, 4, 5, 9, 10, 12] as [UInt64] {
            let below = Ancestry(final: chain.genesis, pending: blocks)
            let leader = schedule.leader(of: View(view), after: schedule.history(of: below))
            blocks.append(
                chain.extend(blocks.last ?? chain.genesis, view: view) { $0.proposer = leader ?? $0.proposer }
            )
        }
        let whole = schedule.history(of: Ancestry(final: chain.genesis, pending: blocks))
        #expect(!whole.failures.isEmpty)
        for final in blocks.indices {
            let below = Ancestry(final: chain.genesis, pending: Array(blocks[...final]))
            let ancestry = Ancestry(
                final: blocks[final],
                pending: Array(blocks[(final + 1)...]),
                finalHistory: schedule.history(of: below)
            )
            #expect(schedule.history(of: ancestry) == whole)
        }
    }

    @Test("without the chain below nobody is the leader, and an election that names a stranger names nobody")
    func unknown() {
        let chain = chain(4)
        #expect(chain.schedule.leader(of: View(5), after: nil) == nil)
        #expect(chain.schedule.admits(chain.headers[0], after: nil) == nil)
        struct Stranger: LeaderElection {
            func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
                ReplicaID(9)
            }
        }
        let strange = LedChain(Stranger(), world: chain.world)
        #expect(strange.schedule.leader(of: View(1), after: strange.history) == nil)
    }
}
