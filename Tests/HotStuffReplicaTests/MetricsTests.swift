import HotStuff
import MetricsTestKit
import Testing

@Suite("the metrics of a replica", .serialized)
struct MetricsTests {
    @Test("ends of views are counted under their reasons, final blocks and their commands once")
    func counts() async throws {
        let metrics = TestMetrics()
        let cluster = try LoopbackCluster(viewTimeoutMilliseconds: 300)
        for index in 0..<4 { try await cluster.start(index, metrics: index == 1 ? metrics : nil) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        for sequence in 1...5 { try await customer.put(sequence, in: session, count: 4) }
        func count(_ label: String, _ dimensions: [(String, String)] = []) throws -> Int64 {
            try metrics.expectCounter(label, [("replica", "1")] + dimensions).totalValue
        }
        let ends = try ViewEnd.allCases.map { try count("hotstuff_views_ended", [("reason", $0.rawValue)]) }
        #expect(ends[0] >= 6)
        // The connection of who is killed breaks, so the others give up its views.
        await cluster.stop(2)
        for sequence in 6...9 { try await customer.put(sequence, in: session, count: 3) }
        let later = try ViewEnd.allCases.map { try count("hotstuff_views_ended", [("reason", $0.rawValue)]) }
        #expect(later[0] > ends[0])
        #expect(later[1] + later[2] > ends[1] + ends[2])
        await customer.stop()
        for index in [0, 1, 3] { await cluster.stop(index) }
        let chain = try cluster.chain(of: 1)
        #expect(try count("hotstuff_committed_blocks") == Int64(chain.count))
        #expect(try count("hotstuff_committed_commands") == Int64(chain.map(\.payload.commands.count).reduce(0, +)))
        #expect(try count("hotstuff_contradictions") == 0)
        #expect(try count("hotstuff_ignored_proofs") == 0)
        let height = try metrics.expectGauge("hotstuff_committed_height", [("replica", "1")]).lastValue
        #expect(height == Double(chain.count))
        let view = try metrics.expectGauge("hotstuff_view", [("replica", "1")]).lastValue
        #expect(view ?? 0 > Double(chain.count))
        _ = try metrics.expectGauge("hotstuff_pending_commands", [("replica", "1")])
    }
}
