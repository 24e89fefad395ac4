import Foundation
import HotStuff
import HotStuffReplica
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Testing

@Suite("a listener over sockets and a disk", .serialized)
struct ListenerTests {
    private let listener = ReplicaID.listeners.lowerBound

    @Test("a listener follows, is stopped, misses a good part of the chain, and follows again; its key leaves no mark")
    func follows() async throws {
        let cluster = try LoopbackCluster(listeners: 1)
        let mark = cluster.directory.appendingPathComponent("key.used").path
        for index in 0..<4 { try await cluster.start(index) }
        try await cluster.start(4, keyMark: mark)
        let customer = try Customer(of: cluster.neighbours, in: cluster)
        // Five answer, and all alike, but only after all five executed it.
        let session = try await customer.open(count: 5)
        for number in 1...10 { try await customer.put(number, in: session, count: 5) }
        try await customer.waitUntilEven(listener, with: ReplicaID(1))
        await cluster.stop(4)
        // Far enough for ranges; nobody misses the listener.
        for number in 11...60 { try await customer.put(number, in: session, count: 4) }
        try await cluster.start(4, keyMark: mark)
        try await customer.waitUntilEven(listener, with: ReplicaID(1))
        try await customer.put(61, in: session, count: 5)
        #expect(!FileManager.default.fileExists(atPath: mark))
        await customer.stop()
        for index in 0..<5 { await cluster.stop(index) }
        let (chain, own) = (try cluster.chain(of: 0).map(\.header), try cluster.chain(of: 4).map(\.header))
        #expect(own.count > 61)
        #expect(zip(chain, own).allSatisfy { $0 == $1 })
    }

    @Test("a client that knows only a listener has its commands executed and their results told")
    func passesOn() async throws {
        let cluster = try LoopbackCluster(listeners: 2)
        for index in 0..<5 { try await cluster.start(index) }
        let customer = try Customer(of: [cluster.neighbours[4]], in: cluster)
        let session = try await customer.open(count: 1)
        for number in 1...5 { try await customer.put(number, in: session, count: 1) }
        // The second listener was in nobody's way while it was not there, and comes late.
        try await cluster.start(5)
        let both = try Customer(of: cluster.neighbours, in: cluster)
        try await both.waitUntilEven(cluster.neighbours[5].id, with: ReplicaID(0))
        await both.stop()
        await customer.stop()
        for index in 0..<6 { await cluster.stop(index) }
    }

    @Test("a listener that reads nothing, floods, and says more than it may delays nobody")
    func rude() async throws {
        let cluster = try LoopbackCluster(listeners: 1)
        for index in 0..<4 { try await cluster.start(index) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = TransportConfiguration(
            chain: cluster.genesis.chain,
            scheme: .standard,
            peers: cluster.neighbours
        )
        configuration.backoff = Backoff(initial: .milliseconds(5), maximum: .milliseconds(50))
        let deaf = DeafDelegate()
        let rude = try ReplicaTransport(
            configuration: configuration,
            id: listener,
            signer: cluster.signer(4),
            group: group,
            logger: Logger(label: "rude") { _ in SwiftLogNoOpLogHandler() },
            delegate: deaf
        )
        try await rude.start()
        let flooding = Task {
            let request = RangeRequest(above: .genesis, through: Height(512))
            let small = [Message.plea(.genesis), .rangeRequest(request), .commands([]), .plea(View(1 << 40))]
            let frames = small.map { (Frame.encode($0), $0 == .rangeRequest(request) ? Lane.sync : .consensus) }
            while !Task.isCancelled {
                for (bytes, lane) in frames { for _ in 0..<50 { rude.broadcast(bytes, lane: lane) } }
                rude.broadcast([UInt8](repeating: 0, count: 4_000), lane: .consensus)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        for number in 1...40 { try await customer.put(number, in: session, count: 4) }
        flooding.cancel()
        _ = try? await flooding.value
        await rude.stop()
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        try await group.shutdownGracefully()
    }

    @Test("a listener of which the replicas do not know is refused, and one that nobody lists does not start")
    func unknown() async throws {
        let cluster = try LoopbackCluster(listeners: 1)
        for index in 0..<4 { try await cluster.start(index, knowing: cluster.peers) }
        try await cluster.start(4)
        let customer = try Customer(of: cluster.neighbours, in: cluster)
        let session = try await customer.open()
        for number in 1...5 { try await customer.put(number, in: session, count: 4) }
        #expect(try await customer.status(of: listener)?.committedHeight ?? .genesis == .genesis)
        await cluster.stop(4)
        let error = await #expect(throws: ReplicaError.self) { try await cluster.start(4, knowing: cluster.peers) }
        #expect(error.map { "\($0)" } == "replica 1024 is not among the validators or listeners")
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
    }
}

/// Takes whatever comes, slowly.
private final class DeafDelegate: TransportDelegate {
    func peerConnected(_ peer: ReplicaID) {}
    func peerDisconnected(_ peer: ReplicaID, reason: ConnectionFailure) {}
    func received(_ messages: [InboundMessage], from sender: Sender) { usleep(20_000) }
    func clientDisconnected(_ client: ClientConnectionID, reason: ConnectionFailure) {}
}
