import Foundation
import HotStuff
import Testing

@Suite("A simulated cluster")
struct ClusterSimulationTests {
    /// The seeds that are tried: some by default, or as many as the environment asks for, as in `HOTSTUFF_SEEDS=300-5000`.
    private static let seeds: [UInt64] = {
        let bounds = ProcessInfo.processInfo.environment["HOTSTUFF_SEEDS"]?.split(separator: "-").compactMap {
            UInt64($0)
        }
        guard let bounds, bounds.count == 2, bounds[0] <= bounds[1] else { return Array(0...119) }
        return Array(bounds[0]...bounds[1])
    }()

    @Test("stays one chain and comes to rest", arguments: Array(stride(from: 0, to: seeds.count, by: 20)))
    func staysOneChain(from first: Int) {
        for seed in Self.seeds.dropFirst(first).prefix(20) {
            let plan = SimulationPlan(seed: seed)
            let simulation = Simulation(plan)
            simulation.traced = ProcessInfo.processInfo.environment["HOTSTUFF_TRACE"].flatMap { UInt64($0) }
            simulation.run()
            #expect(simulation.problems.isEmpty, "\(plan)\n\(simulation.problems.joined(separator: "\n"))")
            if ProcessInfo.processInfo.environment["HOTSTUFF_VERBOSE"] != nil {
                print("\(plan): \(simulation.deliveries) deliveries, rest at \(simulation.time / 1_000) ms")
            }
        }
    }

    /// Lost relays, journals with a child before its parent, and a final block of which only some had the certificate.
    @Test(
        "lives through what it once did not",
        arguments: [UInt64](arrayLiteral: 2, 31, 67, 102, 113, 166, 215, 13_782, 16_575)
    )
    func onceFailed(seed: UInt64) {
        let plan = SimulationPlan(seed: seed)
        let simulation = Simulation(plan)
        simulation.run()
        #expect(simulation.problems.isEmpty, "\(plan)\n\(simulation.problems.joined(separator: "\n"))")
    }
}
