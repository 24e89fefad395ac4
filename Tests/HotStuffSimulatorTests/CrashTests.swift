import HotStuff
import Testing

@testable import HotStuffSimulator

/// Crashes at every point of a run, not only at random ones.
@Suite("Crashes")
struct CrashTests {
    /// A cluster to which nothing else happens, after some steps of its run.
    private func cluster(_ powers: [UInt64], after steps: Int, seed: UInt64 = 1) -> Simulation {
        let simulation = Simulation(.quiet(powers, seed: seed))
        simulation.begin()
        for _ in 0..<steps { simulation.step() }
        return simulation
    }

    private func problems(_ simulation: Simulation, _ failure: LivenessFailure?) -> [String] {
        simulation.inspector.violations.map { "\($0.kind): \($0.detail)" } + (failure.map { [$0.detail] } ?? [])
    }

    @Test("of four replicas any one may crash for good at any step: commits go on", arguments: 0..<4)
    func oneCrashes(victim: Int) {
        for step in stride(from: 0, to: 160, by: 8) {
            let simulation = cluster([1, 1, 1, 1], after: step)
            simulation.crash(victim, losingPower: true)
            let failure = simulation.commits(by: Set(0..<4).subtracting([victim]), what: "the others")
            #expect(problems(simulation, failure) == [], "replica \(victim) after step \(step)")
        }
    }

    @Test("of four replicas any one may crash at any step and come back: it catches up", arguments: 0..<4)
    func oneComesBack(victim: Int) {
        for step in stride(from: 1, to: 160, by: 8) {
            let simulation = cluster([1, 1, 1, 1], after: step)
            simulation.crash(victim, losingPower: step % 3 == 0)
            for _ in 0..<60 { simulation.step() }
            let failure = simulation.othersCatchUp() ?? simulation.commits(by: Set(0..<4), what: "all")
            #expect(problems(simulation, failure) == [], "replica \(victim) after step \(step)")
        }
    }

    @Test("all may crash at once or one by one, with what was not durable: they meet again", arguments: 1...7)
    func allCrash(count: Int) {
        let powers = Array(repeating: UInt64(1), count: count)
        for step in stride(from: 2, to: 122, by: 12) {
            let together = cluster(powers, after: step)
            for index in 0..<count { together.crash(index, losingPower: true) }
            #expect(problems(together, together.othersCatchUp()) == [], "n=\(count), all after step \(step)")
            let apart = cluster(powers, after: step, seed: 2)
            for index in 0..<count {
                apart.crash(index, losingPower: true)
                for _ in 0..<step { apart.step() }
            }
            let failure = apart.othersCatchUp() ?? apart.commits(by: Set(0..<count), what: "all")
            #expect(problems(apart, failure) == [], "n=\(count), one by one from step \(step)")
        }
    }

    @Test("weighted replicas order commands, and one without which there is a quorum may crash")
    func weighted() {
        let simulation = cluster([3, 2, 2, 1], after: 40)
        simulation.crash(3, losingPower: true)
        #expect(problems(simulation, simulation.commits(by: [0, 1, 2], what: "the others")) == [])
    }

    @Test("an idle cluster comes to rest: nobody has anything left to do", arguments: [1, 2, 3, 4, 7])
    func comesToRest(count: Int) {
        for seed in UInt64(1)...6 {
            let simulation = cluster(Array(repeating: 1, count: count), after: 300, seed: seed)
            for index in simulation.clients.indices { simulation.clients[index].isActive = false }
            let end = simulation.time + 60_000_000
            _ = simulation.run(until: end) { simulation.agenda.isEmpty }
            #expect(simulation.agenda.isEmpty, "\(count) replicas, seed \(seed)")
            #expect(simulation.clients.allSatisfy { $0.pendingCount == 0 }, "\(count) replicas, seed \(seed)")
            #expect(Set(simulation.replicas.map(\.standing.committedHeight)).count == 1)
            #expect(problems(simulation, nil) == [])
        }
    }
}
