import Foundation
import HotStuff
import Testing

@Suite("A replica that becomes slow")
struct SlowReplicaTests {
    @Test("explore")
    func explore() {
        let environment = ProcessInfo.processInfo.environment
        func number(_ name: String, _ usual: UInt64) -> UInt64 { environment[name].flatMap { UInt64($0) } ?? usual }
        let seeds = number("SEEDS", 3)
        let attempt = Double(number("ATTEMPT", 200))
        let difficulty = UInt8(number("BITS", 6))
        let lateness = number("LATE", 200_000)
        let link = number("LINK", 1_000)
        let span = number("SPAN", 4_000_000)
        for seed in 0..<seeds {
            for isWork in [true, false] {
                let rule: LeaderElectionRule = isWork ? .proofOfWork(difficulty: difficulty) : .standard
                let world = World(
                    4,
                    parameters: ChainParameters(maximumCommandsPerBlock: 1, leaderElection: rule)
                )
                let cluster = TimedCluster(
                    world,
                    settings: ConsensusSettings(),
                    delayMicroseconds: link,
                    miningTime: { Self.miningTime(of: $0, seed: seed, attempt: attempt) }
                )
                for command in 1...4_000 as ClosedRange<UInt64> { cluster.submit(command) }
                _ = cluster.run(forMicroseconds: 60_000_000) { cluster.replicas[0].archive.count >= 60 }
                for slow in [1, 2, 3] {
                    let begin = cluster.time
                    let count = cluster.commits.count
                    let first = cluster.entries.count
                    cluster.delay(slow, microseconds: lateness)
                    _ = cluster.run(forMicroseconds: span) { false }
                    cluster.delay(slow, microseconds: link)
                    let commits = cluster.commits.dropFirst(count).filter { $0.replica == 0 }
                    let times = [begin] + commits.map(\.time) + [cluster.time]
                    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
                    let entries = cluster.entries.dropFirst(first).filter { $0.replica == 0 }
                    let bits = commits.map { $0.block.header.work.difficulty }
                    print(
                        "seed \(seed) \(isWork ? "work" : "turns") slow \(slow): longest gap \((gaps.max() ?? 0) / 1_000) ms,",
                        "\(commits.count) blocks, by the slow one \(commits.count { $0.block.header.proposer.index == slow }),",
                        "views \(entries.count), failed \(entries.count { $0.end != .certificate }), bits \(bits.min() ?? 0)...\(bits.max() ?? 0)"
                    )
                    if environment["TRACE"] != nil {
                        var last = begin
                        for entry in entries {
                            print("   \(entry.time / 1000): +\((entry.time - last)) us, \(entry.view), \(entry.end)")
                            last = entry.time
                        }
                    }
                    _ = cluster.run(forMicroseconds: 1_000_000) { false }
                }
            }
        }
    }

    /// Distributed exponentially, and the same for the same puzzle and seed.
    private static func miningTime(of puzzle: Puzzle, seed: UInt64, attempt: Double) -> UInt64 {
        var encoder = BorshEncoder(capacity: 64)
        encoder.append(seed)
        encoder.append(puzzle.view)
        encoder.append(puzzle.proposer)
        encoder.append(puzzle.parent)
        let drawn = Double((Digest.hash(of: encoder.bytes).word0 >> 11) | 1) / Double(1 << 53)
        let mean = attempt * pow(2, Double(puzzle.difficulty))
        return UInt64(1 - Foundation.log(drawn) * mean)
    }
}
