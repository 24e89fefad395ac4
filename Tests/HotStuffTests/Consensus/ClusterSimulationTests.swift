import HotStuff
import Testing

@Suite("A simulated cluster")
struct ClusterSimulationTests {
    @Test("stays one chain and comes to rest", arguments: Array(stride(from: UInt64(0), to: 300, by: 25)))
    func staysOneChain(from first: UInt64) {
        for seed in first..<first + 25 {
            let plan = SimulationPlan(seed: seed)
            let simulation = Simulation(plan)
            simulation.run()
            #expect(simulation.problems.isEmpty, "\(plan)\n\(simulation.problems.joined(separator: "\n"))")
        }
    }
}
