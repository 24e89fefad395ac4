import Foundation
import HotStuff
import HotStuffStorage
import Testing

@testable import HotStuffReplica

@Suite("a replica that cannot start before blocks of its archive are repaired", .serialized)
struct MendingTests {
    private static let long = [UInt8](repeating: 1, count: 3_000)

    /// Four replicas, of which the third is down and has blocks that are in its archive only; its heights that can be damaged.
    private static func grow(_ cluster: LoopbackCluster, _ customer: Customer) async throws -> SessionID {
        for index in 0..<4 { try await cluster.start(index, segmentBytes: 40_000) }
        let session = try await customer.open()
        for number in 1...24 { try await customer.put(number, long, in: session, count: 4) }
        await cluster.stop(2)
        return session
    }

    /// Changes a byte of each of some blocks.
    private static func damage(_ heights: [UInt64], of index: Int, in cluster: LoopbackCluster) throws {
        let disk = try RealDisk(path: cluster.dataDirectory(index), createIfMissing: false)
        let archive = try BlockArchive.open(on: disk, chain: cluster.genesis.chain)
        for height in heights {
            let (name, range) = try archive.reader.bytes(of: Height(height))
            let file = try disk.open(name, .existing)
            var bytes = [UInt8](repeating: 0, count: 1)
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            let place = range.lowerBound + UInt64(range.count) - 9
            _ = try file.read(into: &buffer, at: place)
            let flipped = [bytes[0] ^ 4]
            try file.write(flipped.span.bytes, at: place)
        }
    }

    private static func damagedHeights(of index: Int, in cluster: LoopbackCluster) throws -> [Height] {
        let disk = try RealDisk(path: cluster.dataDirectory(index), createIfMissing: false)
        let reader = try BlockArchive.open(on: disk, chain: cluster.genesis.chain).reader
        return try reader.damagedHeights(in: Height(1)...reader.height)
    }

    @Test("gets them from the others, starts, takes part, and holds the whole chain")
    func mends() async throws {
        let cluster = try LoopbackCluster(viewTimeoutMilliseconds: 400)
        let customer = try Customer(in: cluster)
        let session = try await Self.grow(cluster, customer)
        try Self.damage([3, 4, 9], of: 2, in: cluster)
        #expect(try Self.damagedHeights(of: 2, in: cluster) == [Height(3), Height(4), Height(9)])
        try await cluster.start(2, segmentBytes: 40_000)
        let height = await cluster.replica(2)?.waitUntilReady()
        #expect(try #require(height) > Height(9))
        try await customer.put(25, Self.long, in: session, count: 4)
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        #expect(try Self.damagedHeights(of: 2, in: cluster) == [])
        let chains = try (0..<4).map { try cluster.chain(of: $0).map(\.header) }
        let longest = try #require(chains.max { $0.count < $1.count })
        for chain in chains { #expect(chain == Array(longest.prefix(chain.count))) }
        try await cluster.waitUntilFilesAreClosed(of: 2)
    }

    @Test("waits while all others are down, can be stopped, changes nothing, and goes on when one of them comes")
    func waits() async throws {
        let cluster = try LoopbackCluster(viewTimeoutMilliseconds: 400)
        let customer = try Customer(in: cluster)
        let session = try await Self.grow(cluster, customer)
        for index in [0, 1, 3] { await cluster.stop(index) }
        try Self.damage([5], of: 2, in: cluster)
        try await cluster.start(2, segmentBytes: 40_000)
        try await Task.sleep(for: .milliseconds(300))
        #expect(cluster.replica(2)?.recoveredHeight == nil)
        let waiting = Task { [replica = cluster.replica(2)] in await replica?.waitUntilReady() }
        await cluster.stop(2)
        #expect(await waiting.value == .some(nil))
        #expect(try Self.damagedHeights(of: 2, in: cluster) == [Height(5)])
        try await cluster.waitUntilFilesAreClosed(of: 2)
        // Two replicas that each need a block of the other give it to each other, although neither can start.
        try Self.damage([6], of: 1, in: cluster)
        try await cluster.start(1, segmentBytes: 40_000)
        #expect(cluster.replica(1)?.recoveredHeight == nil)
        try await cluster.start(2, segmentBytes: 40_000)
        let height = await cluster.replica(2)?.waitUntilReady()
        #expect(try #require(height) > Height(6))
        #expect(await cluster.replica(1)?.waitUntilReady() != nil)
        try await cluster.start(0, segmentBytes: 40_000)
        try await customer.put(25, Self.long, in: session, count: 3)
        await customer.stop()
        for index in 0..<3 { await cluster.stop(index) }
        for index in [1, 2] { #expect(try Self.damagedHeights(of: index, in: cluster) == []) }
    }

    @Test("takes a snapshot of the others where they have the blocks no more")
    func gone() async throws {
        let cluster = try LoopbackCluster(
            viewTimeoutMilliseconds: 400,
            parameters: ChainParameters(snapshotInterval: 10)
        )
        func start(_ index: Int) async throws {
            try await cluster.start(index, segmentBytes: 40_000, retention: index == 2 ? .all : .sinceSnapshot)
        }
        for index in 0..<4 { try await start(index) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        for number in 1...16 { try await customer.put(number, Self.long, in: session, count: 4) }
        await cluster.stop(2)
        let disk = try RealDisk(path: cluster.dataDirectory(2), createIfMissing: false)
        for name in try disk.names() where name.hasPrefix("snapshot-") { try disk.remove(name) }
        for number in 17...40 { try await customer.put(number, Self.long, in: session, count: 3) }
        let first = cluster.firstBlocks(of: 0)
        #expect(first.min().map { $0 > 3 } == true, "the others have pruned: \(first)")
        try Self.damage([2], of: 2, in: cluster)
        try await start(2)
        #expect(await cluster.replica(2)?.waitUntilReady() != nil)
        try await customer.put(41, Self.long, in: session, count: 4)
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let heads = try (0..<4).map { try #require(cluster.chain(of: $0).last) }
        #expect(heads.allSatisfy { $0.height > Height(40) })
    }

    @Test("alone in its cluster does not start, and says which file is damaged")
    func alone() async throws {
        let cluster = try LoopbackCluster(count: 1)
        let customer = try Customer(in: cluster)
        try await cluster.start(0, segmentBytes: 40_000)
        let session = try await customer.open(count: 1)
        for number in 1...24 { try await customer.put(number, Self.long, in: session, count: 1) }
        await customer.stop()
        await cluster.stop(0)
        try Self.damage([3], of: 0, in: cluster)
        let error = await #expect(throws: ReplicaError.self) { try await cluster.start(0, segmentBytes: 40_000) }
        #expect(error?.kind == .damaged)
        #expect("\(try #require(error))".contains("block 3 is damaged in "))
    }
}
