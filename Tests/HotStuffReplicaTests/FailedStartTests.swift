import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import Testing

/// What is left of a replica that could not start.
@Suite("a start that fails", .serialized)
struct FailedStartTests {
    @Test("half-way leaves nothing open, and the next start in the process has the directory")
    func halfWay() async throws {
        let cluster = try LoopbackCluster(count: 1)
        let mark = cluster.directory.appendingPathComponent("gone/key.used").path
        for _ in 0..<2 {
            let error = await #expect(throws: ReplicaError.self) { try await cluster.start(0, keyMark: mark) }
            guard case .keyMark = try #require(error) else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        try await cluster.waitUntilFilesAreClosed(of: 0)
        try await cluster.start(0)
        #expect(cluster.openFiles(of: 0)?.contains("lock") != false)
        await cluster.stop(0)
        try await cluster.waitUntilFilesAreClosed(of: 0)
    }

    @Test("after a snapshot of others was taken ends the replica, which says why; the next start takes part")
    func again() async throws {
        let cluster = try LoopbackCluster(
            viewTimeoutMilliseconds: 400,
            parameters: ChainParameters(snapshotInterval: 10)
        )
        func start(_ index: Int, keyMark: String? = nil) async throws {
            try await cluster.start(index, segmentBytes: 40_000, retention: .sinceSnapshot, keyMark: keyMark)
        }
        for index in 0..<3 { try await start(index) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open(count: 3)
        let long = [UInt8](repeating: 1, count: 3_000)
        for number in 1...16 { try await customer.put(number, long, in: session, count: 3) }
        for index in 0..<3 { await cluster.stop(index) }
        // It starts while nobody can give it a snapshot, and then loses the directory of its key, without which none starts.
        let keys = cluster.directory.appendingPathComponent("keys")
        try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: false)
        try await start(3, keyMark: keys.appendingPathComponent("key.used").path)
        try FileManager.default.removeItem(at: keys)
        for index in 0..<3 { try await start(index) }
        try await customer.put(17, long, in: session, count: 3)
        let stop = await cluster.waitUntilStopped(3)
        guard case .failed(let reason) = stop, reason.contains("keys") else {
            Issue.record("\(String(describing: stop))")
            return
        }
        await cluster.stop(3)
        try await cluster.waitUntilFilesAreClosed(of: 3)
        try await start(3)
        try await customer.put(18, long, in: session, count: 4)
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
    }
}
