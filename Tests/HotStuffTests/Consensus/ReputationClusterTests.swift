import HotStuff
import Testing

@Suite("A cluster whose leaders have a reputation")
struct ReputationClusterTests {
    private func cluster(_ election: LeaderElectionRule) -> ScriptCluster {
        ScriptCluster(count: 4, parameters: ChainParameters(leaderElection: election))
    }

    /// Goes on until a view, with a command whenever all is final.
    private func run(_ cluster: ScriptCluster, through view: UInt64, _ number: inout UInt64) throws {
        for _ in 0..<2_000 where cluster.core(of: 0).view < View(view) {
            // Each of those that run has it, so that no leader lacks work.
            for replica in 0..<4 { _ = try cluster.step("submit \(replica) \(number)") }
            number += 1
            _ = try cluster.step("deliver all")
            // Longer than the longest time of a view.
            _ = try cluster.step("tick 60000")
            let violations = try cluster.step("deliver all").filter { $0.hasPrefix("VIOLATION") }
            #expect(violations.isEmpty)
        }
        #expect(cluster.core(of: 0).view >= View(view))
    }

    /// The views that left a gap in a replica's chain.
    private func gaps(_ blocks: [Block], below view: UInt64) -> [UInt64] {
        let views = Set(blocks.map(\.view.rawValue))
        return (1..<view).filter { !views.contains($0) }
    }

    @Test("one crashed replica wastes one view in each window, and the windows double")
    func oneCrash() throws {
        let cluster = cluster(.reputation)
        var number: UInt64 = 1
        _ = try cluster.step("crash 3")
        try run(cluster, through: 130, &number)
        // Windows of 8, 16, 32 and 64 views, each until the next turn of replica 3.
        #expect(gaps(cluster.chain(of: 0), below: 120) == [3, 15, 35, 71])
        #expect(cluster.chain(of: 0).allSatisfy { $0.header.proposer != ReplicaID(3) })
    }

    @Test(
        "also with votes to the next leader those who are gone are passed over, and nobody else",
        arguments: CommitRule.allCases
    )
    func nextLeader(rule: CommitRule) throws {
        let parameters = ChainParameters(leaderElection: .reputation, commitRule: rule, voteRouting: .nextLeader)
        let cluster = ScriptCluster(count: 4, parameters: parameters)
        var number: UInt64 = 1
        _ = try cluster.step("crash 3")
        try run(cluster, through: 90, &number)
        let chain = cluster.chain(of: 0)
        // Each turn of replica 3 costs the view before it too, as long as it is not passed over.
        #expect(gaps(chain, below: 80).count <= 8)
        #expect(Set(chain.map(\.header.proposer)) == [ReplicaID(0), ReplicaID(1), ReplicaID(2)])
    }

    @Test("without it every fourth view is wasted")
    func standard() throws {
        let cluster = cluster(.standard)
        var number: UInt64 = 1
        _ = try cluster.step("crash 3")
        try run(cluster, through: 30, &number)
        #expect(gaps(cluster.chain(of: 0), below: 24) == [3, 7, 11, 15, 19, 23])
    }

    @Test("a failed view ends a tenure also where replicas run")
    func tenure() throws {
        let cluster = cluster(.roundRobin(tenure: 4))
        var number: UInt64 = 1
        _ = try cluster.step("crash 3")
        try run(cluster, through: 60, &number)
        let chain = cluster.chain(of: 0)
        #expect(chain.prefix(3).allSatisfy { $0.header.proposer == ReplicaID(0) })
        #expect(gaps(chain, below: 50).count <= 4)
    }

    @Test("a replica that was down, and one that reads its journal again, name the leaders that the others name")
    func restart() throws {
        let cluster = cluster(.reputation)
        var number: UInt64 = 1
        _ = try cluster.step("crash 3")
        try run(cluster, through: 20, &number)
        _ = try cluster.step("crash 1")
        _ = try cluster.step("restart 1")
        for other in [0, 2] { _ = try cluster.step("connect 1 \(other)") }
        _ = try cluster.step("deliver all")
        #expect(cluster.core(of: 1).view == cluster.core(of: 0).view)
        #expect(cluster.core(of: 1).leader == cluster.core(of: 0).leader && cluster.core(of: 0).leader != nil)
        try run(cluster, through: 34, &number)
        // Nobody failed but replica 3.
        #expect(gaps(cluster.chain(of: 0), below: 32) == [3, 15])
        _ = try cluster.step("restart 3")
        for other in 0..<3 { _ = try cluster.step("connect 3 \(other)") }
        _ = try cluster.step("deliver all")
        // Its next turn may be one behind the window that began in view 35.
        try run(cluster, through: 80, &number)
        #expect(cluster.core(of: 3).leader == cluster.core(of: 0).leader)
        #expect(cluster.chain(of: 0).contains { $0.header.proposer == ReplicaID(3) })
    }
}
