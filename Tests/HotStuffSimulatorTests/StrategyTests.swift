import HotStuff
import HotStuffSimulator
import Testing

@Suite("Liars of every kind")
struct StrategyTests {
    private static let seeds: [UInt64] = [1, 2, 6]
    private static let views: UInt64 = 40

    @Test("one of four replicas that lies in one way only gets nowhere", arguments: StrategyName.allCases)
    func oneLiar(strategy: StrategyName) {
        var acts: UInt64 = 0
        for seed in StrategyTests.seeds {
            let run = SeedRun(seed: seed, lying: strategy, views: StrategyTests.views)
            acts += run.coverage[.byzantineActs]
            #expect(run.violations == [], "seed \(seed), \(strategy)")
            #expect(run.livenessFailure == nil, "seed \(seed), \(strategy)")
            #expect(run.commits > 0, "seed \(seed), \(strategy)")
        }
        #expect(acts > 0, "\(strategy) never acts in seeds \(StrategyTests.seeds)")
    }

    @Test("a liar lies alike in every run of a seed", arguments: [StrategyName.mixed, .hoarding, .floods, .garbage])
    func deterministic(strategy: StrategyName) {
        let first = SeedRun(seed: 7, lying: strategy, views: 40)
        let second = SeedRun(seed: 7, lying: strategy, views: 40)
        #expect(first.traceHash == second.traceHash, "seed 7, \(strategy)")
    }
}
