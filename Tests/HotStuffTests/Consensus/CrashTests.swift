import HotStuff
import Testing

/// Crashes at every point of a run, not only at random ones.
@Suite("Crashes")
struct CrashTests {
    /// A plan without any other fault: quick, deterministic, a few commands.
    private func plan(_ count: Int, seed: UInt64 = 1) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed)
        plan.replicaCount = count
        plan.powers = nil
        plan.liars = [:]
        (plan.crashCount, plan.cutCount, plan.lossPerMille, plan.doublePerMille) = (0, 0, 0, 0)
        plan.commandCount = 4
        plan.hasLateCommands = true
        (plan.delayMicroseconds, plan.calmDelayMicroseconds) = (5_000, 5_000)
        (plan.diskMicroseconds, plan.signingMicroseconds, plan.executionMicroseconds) = (2_000, 500, 1_000)
        plan.faultMicroseconds = 400_000
        return plan
    }

    @Test("of four replicas any one may crash for good at any step: commits go on", arguments: 0..<4)
    func oneCrashes(victim: Int) {
        for step in stride(from: 0, to: 60, by: 3) {
            let simulation = Simulation(plan(4))
            simulation.crashes = [Crash(after: step, victims: [victim], comesBack: false)]
            simulation.run()
            #expect(simulation.problems.isEmpty, "replica \(victim) after step \(step): \(simulation.problems)")
        }
    }

    @Test("of four replicas any one may crash at any step and come back: it catches up", arguments: 0..<4)
    func oneComesBack(victim: Int) {
        for step in stride(from: 1, to: 60, by: 3) {
            let simulation = Simulation(plan(4))
            simulation.crashes = [Crash(after: step, victims: [victim], comesBack: true)]
            simulation.run()
            #expect(simulation.problems.isEmpty, "replica \(victim) after step \(step): \(simulation.problems)")
        }
    }

    @Test(
        "all may crash at once or at different views, with what was not durable: they meet again",
        arguments: [1, 2, 3, 4, 5, 6, 7]
    )
    func allCrash(count: Int) {
        for step in stride(from: 2, to: 62, by: 6) {
            let together = Simulation(plan(count))
            together.crashes = [Crash(after: step, victims: Array(0..<count), comesBack: true)]
            together.run()
            #expect(together.problems.isEmpty, "n=\(count), all after step \(step): \(together.problems)")
            let apart = Simulation(plan(count, seed: 2))
            apart.crashes = (0..<count).map { Crash(after: step * ($0 + 1), victims: [$0], comesBack: true) }
            apart.run()
            #expect(apart.problems.isEmpty, "n=\(count), one by one from step \(step): \(apart.problems)")
        }
    }

    @Test("any number of replicas orders commands, 3f + 1 or not", arguments: [1, 2, 3, 4, 5, 6, 7])
    func anyCount(count: Int) {
        let simulation = Simulation(plan(count))
        simulation.run()
        #expect(simulation.problems.isEmpty, "\(simulation.problems)")
        #expect(simulation.replicas.allSatisfy { $0.core.committed.height > .genesis })
    }

    @Test("a liar of each kind among four keeps nobody from committing", arguments: Liar.Kind.allCases)
    func oneLies(kind: Liar.Kind) {
        for seed in UInt64(1)...6 {
            var plan = plan(4, seed: seed)
            plan.liars = [Int(seed % 4): kind]
            let simulation = Simulation(plan)
            simulation.run()
            #expect(simulation.problems.isEmpty, "\(plan): \(simulation.problems)")
        }
    }

    @Test("weighted replicas order commands, and one that holds no quorum alone may crash")
    func weighted() {
        var plan = plan(4)
        plan.powers = [3, 2, 2, 1]
        let simulation = Simulation(plan)
        simulation.crashes = [Crash(after: 10, victims: [1], comesBack: false)]
        simulation.run()
        #expect(simulation.problems.isEmpty, "\(simulation.problems)")
    }

    @Test("the same seed gives the same run")
    func isDeterministic() {
        let runs = (0..<2).map { _ in
            let simulation = Simulation(SimulationPlan(seed: 77))
            simulation.run()
            return simulation
        }
        #expect(runs[0].deliveries == runs[1].deliveries)
        #expect(runs[0].time == runs[1].time)
        #expect(runs[0].replicas.map(\.journal) == runs[1].replicas.map(\.journal))
    }
}
