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
        guard let bounds, bounds.count == 2, bounds[0] < bounds[1] else { return 0..<200 }
        return bounds[0]..<bounds[1]
    }()

    private static let batches = Array(stride(from: seeds.lowerBound, to: seeds.upperBound, by: 20))

    @Test(
        "breaks no promise, makes progress when nothing is in the way, and lets the others catch up",
        arguments: batches
    )
    func isSound(from first: UInt64) {
        for seed in first..<min(first + 20, Self.seeds.upperBound) {
            let run = SeedRun(seed: seed, views: 30)
            #expect(
                run.isSound,
                "hotstuff simulate --seed \(seed) --views 30: \(run.violations) \(run.livenessFailure ?? "")"
            )
        }
    }

    /// The floors themselves are for a thousand seeds and hundreds of views, which is what the command checks.
    @Test("meets every frequent fault and branch in a few seeds")
    func covers() {
        var campaign = Campaign(isMixed: false)
        for seed in 1_000..<UInt64(1_060) { campaign.add(SeedRun(seed: seed, views: 30)) }
        #expect(campaign.isSound, "\(campaign.violations) \(campaign.livenessFailures)")
        for item in CoverageItem.allCases where item.floorPerThousandSeeds >= 100 {
            #expect(campaign.coverage[item] > 0, "\(item)")
        }
        #expect(campaign.views >= 60 * 30)
    }

    @Test("asks of a thousand seeds that all happens that can happen, and says what did not")
    func floors() {
        var coverage = Coverage()
        #expect(coverage.shortfalls(seeds: 99).isEmpty)
        #expect(coverage.shortfalls(seeds: 1_000).count == CoverageItem.allCases.count { $0.floorPerThousandSeeds > 0 })
        coverage.count(.tornWrites, 1_000)
        #expect(!coverage.shortfalls(seeds: 1_000).contains { $0.item == .tornWrites })
    }

    @Test("is the same run whenever it is run, and traced or not", arguments: [3, 77, 1_234] as [UInt64])
    func isDeterministic(seed: UInt64) {
        var lines = 0
        let first = SeedRun(seed: seed, views: 30)
        let second = SeedRun(seed: seed, views: 30) { _ in lines += 1 }
        #expect(first == second)
        #expect(lines > 100)
        #expect(SeedRun(seed: seed + 1, views: 30).traceHash != first.traceHash)
        #expect(SeedRun(seed: seed, views: 90).traceHash != first.traceHash)
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
