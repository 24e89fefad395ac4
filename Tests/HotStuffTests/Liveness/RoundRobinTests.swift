import HotStuff
import Testing

@Suite("Leaders by turns")
struct RoundRobinTests {
    private let world = World(4)

    @Test("with one view each, view v is led by replica v mod n, whatever the chain looks like")
    func oneView() {
        let schedule = LeaderSchedule(among: world.committee.validators, parameters: world.parameters)
        for view in [0, 1, 2, 3, 4, 1_000_001, UInt64.max] as [UInt64] {
            #expect(schedule.leader(of: View(view), after: nil) == ReplicaID(UInt16(view % 4)))
            let history = LeaderHistory(beginningIn: View(view / 2))
            #expect(schedule.leader(of: View(view), after: history) == ReplicaID(UInt16(view % 4)))
        }
    }

    @Test("a tenure of three views is three views in a row, and then the next replica's")
    func tenure() {
        var chain = LedChain(RoundRobin(tenure: 3), world: world)
        let leaders = (1...14 as ClosedRange<UInt64>).map { chain.run($0) }
        #expect(leaders == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0])
    }

    @Test("a failed view ends the tenure, and the next in turn has all of his")
    func failure() {
        var chain = LedChain(RoundRobin(tenure: 3), world: world)
        var leaders = (1...4 as ClosedRange<UInt64>).map { chain.run($0) }
        leaders += (5...12 as ClosedRange<UInt64>).map { chain.run($0, dead: [1, 2]) }
        #expect(leaders == [0, 0, 0, 1, 1, 2, 3, 3, 3, 0, 0, 0])
        #expect(chain.run(13, dead: [1, 2]) == 1)
    }

    @Test("a gap of a million views, and one to the last view there is, is gone through at once")
    func longGap() {
        var chain = LedChain(RoundRobin(tenure: 3), world: world)
        chain.run(1)
        #expect(chain.schedule.leader(of: View(1_000_002), after: chain.history) == ReplicaID(0))
        #expect(chain.schedule.leader(of: View(1_000_003), after: chain.history) == ReplicaID(1))
        #expect(chain.schedule.leader(of: View(.max), after: chain.history) == ReplicaID(UInt16((UInt64.max - 2) % 4)))
    }

    @Test("a tenure of no view, or of too many, is a fault that names the range")
    func range() {
        for tenure in [0, 1_000_001, UInt64.max] {
            let parameters = ChainParameters(leaderElection: .roundRobin(tenure: tenure))
            #expect(parameters.fault == "leaderTenure is \(tenure), allowed are 1 to 1000000")
        }
        for tenure in [1, 1_000_000] as [UInt64] {
            #expect(ChainParameters(leaderElection: .roundRobin(tenure: tenure)).fault == nil)
        }
    }
}
