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

    @Test("where a proof of work elects leaders, votes are divided, proofs are hoarded, and it makes no fork either")
    func byWork() {
        var conflicts = 0
        var commits: UInt64 = 0
        var divided = 0
        var ignored = 0
        for seed in [7, 8, 23, 24, 39, 40] as [UInt64] {
            #expect(GuidedRun.isByWork(seed))
            let run = GuidedRun(seed: seed, replicaCount: seed == 40 ? 7 : 4) { line in
                if line.contains("gave up"), !line.hasPrefix("---") { divided += 1 }
                if line.contains("ignored") { ignored += 1 }
            }
            #expect(run.isSound && !run.isForked, "seed \(seed): \(run.violations)")
            conflicts += run.conflictingCertificates
            commits += run.commits
        }
        #expect(conflicts > 0 && commits > 12 && divided > 0 && ignored > 0)
    }

    @Test("a seed tells the same run again")
    func repeats() {
        for seed in UInt64(4)...8 {
            var first: [String] = []
            var second: [String] = []
            let one = GuidedRun(seed: seed, trace: { first.append($0) })
            let two = GuidedRun(seed: seed, trace: { second.append($0) })
            #expect(one == two, "seed \(seed)")
            #expect(first == second, "seed \(seed)")
        }
    }
}
