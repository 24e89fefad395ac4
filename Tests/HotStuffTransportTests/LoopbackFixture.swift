import HotStuff
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Synchronization
import Testing

/// Something that a transport told its delegate.
enum TransportEvent: Equatable, Sendable {
    case connected(ReplicaID)
    case disconnected(ReplicaID, ConnectionFailure)
    case clientDisconnected(ClientConnectionID, ConnectionFailure)
}

/// What a transport told its delegate, in order.
final class Recorder: TransportDelegate, ClientTransportDelegate {
    struct State: Sendable {
        var events: [TransportEvent] = []
        var messages: [Sender: [Lane: [[UInt8]]]] = [:]
        /// The lanes of all messages, in the order in which they came.
        var order: [Lane] = []
        var echoes: (@Sendable (ClientConnectionID, InboundMessage) -> Void)?

        func messages(from sender: Sender, lane: Lane) -> [[UInt8]] {
            messages[sender]?[lane] ?? []
        }

        func isConnected(_ replica: ReplicaID) -> Bool {
            for event in events.reversed() {
                switch event {
                case .connected(replica): return true
                case .disconnected(replica, _): return false
                default: continue
                }
            }
            return false
        }

        var clients: [ClientConnectionID] {
            messages.keys.compactMap { sender in
                guard case .client(let client) = sender else { return nil }
                return client
            }
        }
    }

    private let state = Mutex(State())

    var snapshot: State { state.withLock { $0 } }

    /// Counts without keeping what is counted alive, so that it goes on growing in place.
    func count(from sender: Sender, lane: Lane) -> Int {
        state.withLock { $0.messages[sender]?[lane]?.count ?? 0 }
    }

    /// Answers every message of a client.
    func echo(with answer: @escaping @Sendable (ClientConnectionID, InboundMessage) -> Void) {
        state.withLock { $0.echoes = answer }
    }

    func peerConnected(_ peer: ReplicaID) {
        state.withLock { $0.events.append(.connected(peer)) }
    }

    func peerDisconnected(_ peer: ReplicaID, reason: ConnectionFailure) {
        state.withLock { $0.events.append(.disconnected(peer, reason)) }
    }

    func received(_ messages: [InboundMessage], from sender: Sender) {
        let echoes = state.withLock { state in
            for message in messages {
                state.order.append(message.lane)
                state.messages[sender, default: [:]][message.lane, default: []].append(message.bytes)
            }
            return state.echoes
        }
        guard let echoes, case .client(let client) = sender else { return }
        for message in messages {
            echoes(client, message)
        }
    }

    func clientDisconnected(_ client: ClientConnectionID, reason: ConnectionFailure) {
        state.withLock { $0.events.append(.clientDisconnected(client, reason)) }
    }

    func connected(_ replica: ReplicaID) {
        peerConnected(replica)
    }

    func disconnected(_ replica: ReplicaID, reason: ConnectionFailure) {
        peerDisconnected(replica, reason: reason)
    }

    func received(_ messages: [InboundMessage], from replica: ReplicaID) {
        received(messages, from: .replica(replica))
    }
}

struct WaitedInVain: Error, CustomStringConvertible {
    let description: String
}

/// Waits for something that will happen; the limit is there only so that a failing test ends.
///
/// Time alone is none: where a thousand tests wait for two threads, minutes may pass between two looks.
func eventually(_ what: String, _ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now.advanced(by: .seconds(120))
    var looks = 0
    while !condition() {
        guard looks < 1_000 || ContinuousClock.now < deadline else { throw WaitedInVain(description: what) }
        looks += 1
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Replicas of one chain on this machine, each on a free port.
final class LoopbackCluster: Sendable {
    let fixture: HandshakeFixture
    let recorders: [Recorder]
    let transports: Mutex<[ReplicaTransport]>
    let change: @Sendable (inout TransportConfiguration) -> Void

    init(
        count: Int,
        chain: Digest = HandshakeFixture.chain,
        change: @escaping @Sendable (inout TransportConfiguration) -> Void = { _ in }
    ) throws {
        let fixture = try HandshakeFixture(count: count, chain: chain)
        let recorders = (0..<count).map { _ in Recorder() }
        self.fixture = fixture
        self.recorders = recorders
        self.change = change
        transports = Mutex([])
        let made = try (0..<count).map { try makeTransport($0, recorder: recorders[$0]) }
        transports.withLock { $0 = made }
    }

    subscript(index: Int) -> ReplicaTransport {
        transports.withLock { $0[index] }
    }

    var configuration: TransportConfiguration {
        var configuration = TransportConfiguration(
            chain: fixture.chain,
            scheme: .mlDSA65,
            peers: fixture.peers
        )
        configuration.backoff = Backoff(initial: .milliseconds(5), maximum: .milliseconds(50))
        configuration.handshakeTimeout = .seconds(60)
        configuration.connectTimeout = .seconds(60)
        configuration.keepaliveInterval = .seconds(20)
        change(&configuration)
        return configuration
    }

    static let group = MultiThreadedEventLoopGroup.singleton
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func makeTransport(_ index: Int, port: Int = 0, recorder: Recorder) throws -> ReplicaTransport {
        var configuration = configuration
        configuration.listenAddress = ListenAddress(host: "127.0.0.1", port: port)
        return try ReplicaTransport(
            configuration: configuration,
            id: ReplicaID(UInt16(index)),
            signer: fixture.signers[index],
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Self.quiet,
            delegate: recorder
        )
    }

    func makeClient(
        recorder: Recorder,
        change: (inout TransportConfiguration) -> Void = { _ in }
    ) throws -> ClientTransport {
        var configuration = configuration
        change(&configuration)
        let client = try ClientTransport(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Self.quiet,
            delegate: recorder
        )
        for index in recorders.indices {
            client.updateAddress(of: ReplicaID(UInt16(index)), host: "127.0.0.1", port: self[index].port ?? 0)
        }
        return client
    }

    /// Opens all ports and tells everybody where the others are.
    func start() async throws {
        for index in recorders.indices {
            try await self[index].start()
        }
        for index in recorders.indices {
            publishAddress(of: index)
        }
    }

    func publishAddress(of index: Int) {
        for other in recorders.indices {
            self[other].updateAddress(
                of: ReplicaID(UInt16(index)),
                host: "127.0.0.1",
                port: self[index].port ?? 0
            )
        }
    }

    func waitUntilConnected() async throws {
        try await eventually("all replicas are connected") {
            recorders.indices.allSatisfy { self[$0].connectedPeers.count == recorders.count - 1 }
        }
    }

    func replace(_ index: Int, by transport: ReplicaTransport) {
        transports.withLock { $0[index] = transport }
    }

    func stop() async {
        for index in recorders.indices {
            await self[index].stop()
        }
    }
}

/// Runs a test with a cluster and closes the cluster, however the test ends.
func withCluster(
    _ count: Int,
    change: @escaping @Sendable (inout TransportConfiguration) -> Void = { _ in },
    _ body: (LoopbackCluster) async throws -> Void
) async throws {
    let cluster = try LoopbackCluster(count: count, change: change)
    do {
        try await cluster.start()
        try await body(cluster)
    } catch {
        await cluster.stop()
        throw error
    }
    await cluster.stop()
}
