import HotStuff
import Testing

@Suite("The death of a leader")
struct LeaderDeathTests {
    private static let delay: UInt64 = 5_000
    private static let timeout: UInt64 = 1_000_000

    /// Kills the leader of a view in the middle of the work, and tells how long the others take from the beginning of its view until they
    /// have certified another block.
    ///
    /// - Parameters:
    ///   - rule: when blocks are final.
    ///   - isNoticed: whether the connections of the dead break.
    ///   - moment: how long after the beginning of the view before it dies, in microseconds.
    /// - Returns: the time in microseconds.
    /// - Throws: if the cluster does nothing, or does not recover at all.
    private func recovery(_ rule: CommitRule, isNoticed: Bool, after moment: UInt64) throws -> UInt64 {
        let world = World(4, parameters: ChainParameters(maximumCommandsPerBlock: 1, commitRule: rule))
        let settings = ConsensusSettings(pacemaker: PacemakerSettings(viewTimeoutMilliseconds: Self.timeout / 1_000))
        let cluster = TimedCluster(world, settings: settings, delayMicroseconds: Self.delay)
        // More than is done by the end: the chain never comes to rest.
        for number in 1...200 as ClosedRange<UInt64> { cluster.submit(number) }
        let isWarm = cluster.run(forMicroseconds: 10_000_000) { cluster.replicas.allSatisfy { $0.archive.count > 4 } }
        try #require(isWarm)
        // It dies in the view before the one that it is to lead, so that it never says anything there.
        let seen = cluster.entries.count
        let hasMoved = cluster.run(forMicroseconds: 1_000_000) { cluster.entries.count > seen }
        try #require(hasMoved)
        let next = try #require(cluster.entries.map(\.view).max()?.next)
        let leader = Int(next.rawValue % 4)
        _ = cluster.run(forMicroseconds: moment) { false }
        cluster.crash(leader, isNoticed: isNoticed)
        let others = cluster.replicas.filter { $0.id.index != leader }
        let hasBegun = cluster.run(forMicroseconds: 1_000_000) { others.contains { $0.core.view == next } }
        try #require(hasBegun)
        let start = cluster.time
        let hasRecovered = cluster.run(forMicroseconds: 60_000_000) {
            others.allSatisfy { $0.core.certificates.quorum.view > next }
        }
        try #require(hasRecovered)
        return cluster.time - start
    }

    @Test("costs one view's time and three network delays at most", arguments: CommitRule.allCases)
    func unnoticed(rule: CommitRule) throws {
        for moment in [0, 1_000, 4_000, 6_000, 9_000] as [UInt64] {
            let recovery = try recovery(rule, isNoticed: false, after: moment)
            #expect(recovery <= Self.timeout + 3 * Self.delay, "after \(moment) µs")
            #expect(recovery > Self.timeout + 2 * Self.delay, "after \(moment) µs")
        }
    }

    @Test("costs a fiftieth of that where the connections break with it", arguments: CommitRule.allCases)
    func noticed(rule: CommitRule) throws {
        for moment in [0, 1_000, 4_000, 6_000, 9_000] as [UInt64] {
            let recovery = try recovery(rule, isNoticed: true, after: moment)
            #expect(recovery <= Self.timeout / 50 + 3 * Self.delay, "after \(moment) µs")
            #expect(recovery > Self.timeout / 50 + 2 * Self.delay, "after \(moment) µs")
        }
    }
}
