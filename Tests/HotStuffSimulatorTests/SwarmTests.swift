import Foundation
import HotStuffSimulator
import Testing

@Suite("A swarm of simulated clusters")
struct SwarmTests {
    /// The seeds that are run; others by the environment, as in `HOTSTUFF_SEEDS=300-5000`.
    private static let seeds: Range<UInt64> = {
        let bounds = ProcessInfo.processInfo.environment["HOTSTUFF_SEEDS"]?.split(separator: "-").compactMap {
            UInt64($0)
        }
        guard let bounds, bounds.count == 2, bounds[0] < bounds[1] else { return 0..<240 }
        return bounds[0]..<bounds[1]
    }()

    private static let batches = Array(stride(from: seeds.lowerBound, to: seeds.upperBound, by: 20))

    @Test(
        "breaks no promise, makes progress when nothing is in the way, and lets the others catch up",
        arguments: batches
    )
    func isSound(from first: UInt64) {
        for seed in first..<min(first + 20, Self.seeds.upperBound) {
            let run = SeedRun(seed: seed, views: 40)
            #expect(
                run.isSound,
                "hotstuff simulate --seed \(seed) --views 40: \(run.violations) \(run.livenessFailure ?? "")"
            )
        }
    }

    @Test("meets every fault and every rare branch", arguments: [0])
    func covers(_ first: UInt64) {
        var campaign = Campaign()
        for seed in 1_000..<UInt64(1_120) { campaign.add(SeedRun(seed: seed, views: 30)) }
        #expect(campaign.isSound, "\(campaign.shortfalls) \(campaign.violations) \(campaign.livenessFailures)")
        #expect(campaign.views >= 120 * 30)
        #expect(campaign.commits > 1_000)
    }

    @Test("is the same run whenever it is run, and traced or not", arguments: [3, 77, 1_234] as [UInt64])
    func isDeterministic(seed: UInt64) {
        var lines = 0
        let first = SeedRun(seed: seed, views: 30)
        let second = SeedRun(seed: seed, views: 30) { _ in lines += 1 }
        #expect(first == second)
        #expect(lines > 100)
        #expect(SeedRun(seed: seed + 1, views: 30).traceHash != first.traceHash)
        #expect(SeedRun(seed: seed, views: 31).traceHash != first.traceHash)
    }

    @Test("runs with any number of replicas from 1 to 10", arguments: 1...10)
    func anyCount(count: Int) {
        for seed in UInt64(500)..<503 {
            let run = SeedRun(seed: seed, replicaCount: count, views: 30)
            #expect(run.isSound, "seed \(seed), \(count) replicas: \(run.violations) \(run.livenessFailure ?? "")")
            #expect(run.commits > 0, "seed \(seed), \(count) replicas")
        }
    }
}
