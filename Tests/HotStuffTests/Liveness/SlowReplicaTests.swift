import Foundation
import HotStuff
import Testing

@Suite("A replica that becomes slow")
struct SlowReplicaTests {
    /// A replica's words come so late once it is slow, in microseconds; a view may take a second.
    private static let lateness: UInt64 = 200_000
    private static let delay: UInt64 = 2_000
    private static let span: UInt64 = 6_000_000

    /// How the others fare while one is slow.
    private struct Fare {
        var blocks: Int
        var longestGap: UInt64
    }

    /// Lets one replica after the other become slow, as soon as all are used to each other.
    private func fares(_ election: LeaderElectionRule) -> [Fare] {
        let world = World(4, parameters: ChainParameters(maximumCommandsPerBlock: 1, leaderElection: election))
        let cluster = TimedCluster(
            world,
            settings: ConsensusSettings(),
            delayMicroseconds: Self.delay,
            miningTime: Self.miningTime
        )
        for command in 1...4_000 as ClosedRange<UInt64> { cluster.submit(command) }
        #expect(cluster.run(forMicroseconds: 60_000_000) { cluster.replicas[0].archive.count >= 60 })
        return (1...3).map { slow in
            let start = cluster.time
            let count = cluster.commits.count
            cluster.delay(slow, microseconds: Self.lateness)
            _ = cluster.run(forMicroseconds: Self.span) { false }
            cluster.delay(slow, microseconds: Self.delay)
            let times = cluster.commits.dropFirst(count).filter { $0.replica == 0 }.map(\.time)
            _ = cluster.run(forMicroseconds: 1_000_000) { false }
            let moments = [start] + times + [start + Self.span]
            let gaps = zip(moments, moments.dropFirst()).map { $1 - $0 }
            return Fare(blocks: times.count, longestGap: gaps.max() ?? 0)
        }
    }

    /// A try takes 200 µs: distributed exponentially, and the same for the same puzzle.
    private static func miningTime(of puzzle: Puzzle) -> UInt64 {
        var encoder = BorshEncoder(capacity: 64)
        encoder.append(UInt64(0))
        encoder.append(puzzle.view)
        encoder.append(puzzle.proposer)
        encoder.append(puzzle.parent)
        let drawn = Double((Digest.hash(of: encoder.bytes).word0 >> 11) | 1) / Double(1 << 53)
        return UInt64(1 - log(drawn) * 200 * pow(2, Double(puzzle.difficulty)))
    }

    @Test(
        "with proof of work a replica that becomes slow costs no view-time without a commit, and leaves more blocks than turns do"
    )
    func byWork() {
        let byWork = fares(.proofOfWork(difficulty: 3))
        let byTurns = fares(.standard)
        // Every fourth view is the slow one's, and takes as long as its proposal.
        for fare in byTurns { #expect(fare.longestGap < Self.lateness * 3 / 2 && fare.blocks > 80) }
        for (fare, turns) in zip(byWork, byTurns) {
            #expect(fare.longestGap < 1_000_000, "\(fare)")
            #expect(fare.blocks > turns.blocks * 3 / 2, "\(fare), by turns \(turns)")
        }
    }
}
