import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import PostQuantum
import Testing

@Suite("a cluster that lost more disks than it may", .serialized)
struct RescuedClusterTests {
    /// Restores the chain from one directory, and gives every replica a copy of its state.
    private func rescue(_ cluster: LoopbackCluster, from index: Int) throws -> RescuedChain<KeyValueStore> {
        let genesis = cluster.genesis
        let pool = try VerificationPool(threadCount: 0)
        defer { pool.stop() }
        let verifier = try MessageVerifier(
            committee: Committee(genesis),
            parameters: genesis.parameters,
            scheme: .standard,
            pool: pool
        )
        let disk = try RealDisk(reading: cluster.dataDirectory(index))
        let chain = try Rescue(under: [UnsyncedMark(of: disk)], genesis: genesis, verifier: verifier)
            .restore(KeyValueStore())
        cluster.genesis = Genesis(
            name: genesis.name,
            validators: genesis.validators,
            signatureScheme: genesis.signatureScheme,
            parameters: genesis.parameters,
            origin: chain.origin
        )
        let data = cluster.directory.appendingPathComponent("data").path
        try chain.write(cluster.genesis, to: try RealDisk(path: data, createIfMissing: true))
        for index in 0..<4 {
            try? FileManager.default.removeItem(atPath: cluster.dataDirectory(index))
            try FileManager.default.copyItem(atPath: data, toPath: cluster.dataDirectory(index))
        }
        try FileManager.default.removeItem(atPath: data)
        return chain
    }

    private func startAll(_ cluster: LoopbackCluster) async throws {
        for index in 0..<4 { try await cluster.start(index, keyMark: mark(index, of: cluster)) }
    }

    private func mark(_ index: Int, of cluster: LoopbackCluster) -> String {
        cluster.directory.appendingPathComponent("key_\(index).used").path
    }

    @Test("goes on from the last disk on another chain, twice: values and results are there, nothing is executed again")
    func goesOn() async throws {
        let cluster = try LoopbackCluster(parameters: ChainParameters(snapshotInterval: 7))
        try await startAll(cluster)
        var customer = try Customer(in: cluster)
        let session = try await customer.open()
        var results: [CommandResult] = []
        for number in 1...6 { results.append(try await customer.put(number, in: session, count: 4)) }
        for round in 1...2 {
            await customer.stop()
            for index in 0..<4 { await cluster.stop(index) }
            let given = cluster.genesis
            // All but one are lost, each time another one is left.
            let chain = try rescue(cluster, from: round)
            let height = chain.header.height
            #expect(height >= (results.last?.height ?? .genesis))
            #expect(chain.origin.epoch == Epoch(UInt64(round)) && chain.origin.predecessors.count == round)
            #expect(chain.origin.predecessor == given.chain)

            try await startAll(cluster)
            customer = try Customer(in: cluster)
            for (number, result) in zip(1..., results) {
                #expect(try await customer.put(number, in: session, count: 4) == result, "command \(number)")
            }
            let next = try await customer.put(results.count + 1, in: session, count: 4)
            #expect(next.height > height)
            results.append(next)
            let fresh = try await customer.open()
            #expect(fresh.position >= UInt32(round) * 65_536)
            // Over an interval of snapshots, and over a start.
            for number in 100...108 { try await customer.put(number, in: fresh, count: 4) }
            await cluster.stop(3)
            try await cluster.start(3, keyMark: mark(3, of: cluster))
            results.append(try await customer.put(results.count + 1, in: session, count: 4))

            await cluster.stop(3)
            let recovered = cluster.genesis
            cluster.genesis = given
            let error = await #expect(throws: ReplicaError.self) {
                try await cluster.start(3, keyMark: mark(3, of: cluster))
            }
            #expect(error?.kind == .foreign)
            cluster.genesis = recovered
            // Without the state with which the chain begins there is no start.
            let place = cluster.dataDirectory(3)
            try FileManager.default.moveItem(atPath: place, toPath: place + ".aside")
            let empty = await #expect(throws: ReplicaError.self) {
                try await cluster.start(3, keyMark: mark(3, of: cluster))
            }
            #expect(empty?.kind == .incomplete)
            try FileManager.default.removeItem(atPath: place)
            try FileManager.default.moveItem(atPath: place + ".aside", toPath: place)
        }
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let heights = try (0..<4).map { try cluster.chain(of: $0).map(\.height) }
        #expect(heights.allSatisfy { $0.first == cluster.genesis.header.height.next })
    }
}
