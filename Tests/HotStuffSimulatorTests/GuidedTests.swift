import HotStuffSimulator
import Testing

/// The adversary who plays for two chains finds none.
@Suite("The guided adversary")
struct GuidedTests {
    @Test("an adversary who knows the protocol makes no fork and breaks no promise", arguments: [(4, 40), (7, 10)])
    func isSound(replicas: Int, seeds: Int) {
        var conflicts = 0
        var commits: UInt64 = 0
        for seed in 1...UInt64(seeds) {
            let run = GuidedRun(seed: seed, replicaCount: replicas)
            #expect(run.isSound, "seed \(seed) of \(replicas): \(run.violations)")
            #expect(!run.isForked, "seed \(seed) of \(replicas)")
            conflicts += run.conflictingCertificates
            commits += run.commits
        }
        // It does get conflicting certificates, which are harmless, and blocks do become final meanwhile.
        #expect(conflicts > seeds, "\(replicas) replicas")
        #expect(commits > UInt64(seeds), "\(replicas) replicas")
    }

    @Test("a seed tells the same run again")
    func repeats() {
        for seed in UInt64(1)...5 {
            var first: [String] = []
            var second: [String] = []
            let one = GuidedRun(seed: seed, trace: { first.append($0) })
            let two = GuidedRun(seed: seed, trace: { second.append($0) })
            #expect(one == two, "seed \(seed)")
            #expect(first == second, "seed \(seed)")
        }
    }
}
