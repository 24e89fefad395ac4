import HotStuff
import HotStuffTransport
import Logging
import NIOPosix
import PostQuantum
import Synchronization

@testable import HotStuffClient

/// Fakes on this machine, each on a free port, which do not talk to each other.
final class FakeCluster: Sendable {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let chain = FakeChain()
    let replicas: [FakeReplica]
    private let signers: [any Signer]
    private let transports: Mutex<[ReplicaTransport]>
    private let ports: Mutex<[Int]>

    init(_ scripts: [FakeReplica.Script]) throws {
        let scheme = SignatureScheme.mlDSA65
        let chain = chain
        signers = try scripts.map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
        replicas = scripts.enumerated().map { index, script in
            FakeReplica(id: ReplicaID(UInt16(index)), chain: chain, script: script)
        }
        transports = Mutex([])
        ports = Mutex(scripts.map { _ in 0 })
        let made = try scripts.indices.map { try makeTransport($0) }
        transports.withLock { $0 = made }
    }

    private var transportConfiguration: TransportConfiguration {
        let ports = ports.withLock { $0 }
        let peers = signers.enumerated().map { index, signer in
            Peer(
                id: ReplicaID(UInt16(index)),
                host: "127.0.0.1",
                port: ports[index],
                verificationKey: signer.verificationKey.bytes
            )
        }
        var configuration = TransportConfiguration(chain: Digest.hash(of: [7]), scheme: .mlDSA65, peers: peers)
        configuration.backoff = Backoff(initial: .milliseconds(5), maximum: .milliseconds(50))
        configuration.handshakeTimeout = .seconds(60)
        configuration.connectTimeout = .seconds(60)
        configuration.keepaliveInterval = .seconds(20)
        return configuration
    }

    private func makeTransport(_ index: Int) throws -> ReplicaTransport {
        var configuration = transportConfiguration
        let port = ports.withLock { $0[index] }
        configuration.listenAddress = ListenAddress(host: "127.0.0.1", port: port)
        // The fakes have no business with each other.
        configuration.peers = configuration.peers.map { peer in
            Peer(id: peer.id, host: peer.host, port: 0, verificationKey: peer.verificationKey)
        }
        let transport = try ReplicaTransport(
            configuration: configuration,
            id: ReplicaID(UInt16(index)),
            signer: signers[index],
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Self.quiet,
            delegate: replicas[index]
        )
        replicas[index].attach(transport)
        return transport
    }

    func start() async throws {
        for index in replicas.indices {
            let transport = transports.withLock { $0[index] }
            try await transport.start()
            ports.withLock { $0[index] = transport.port ?? 0 }
        }
    }

    /// Closes a replica's connections and port.
    func close(_ index: Int) async {
        await transports.withLock { $0[index] }.stop()
    }

    /// Opens a closed replica's port again.
    func reopen(_ index: Int) async throws {
        let transport = try makeTransport(index)
        try await transport.start()
        transports.withLock { $0[index] = transport }
    }

    func stop() async {
        for transport in transports.withLock({ $0 }) { await transport.stop() }
    }

    func makeClient(_ change: (inout ClientConfiguration) -> Void = { _ in }) throws -> HotStuffClient {
        let validators = signers.map { Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1)) }
        var configuration = ClientConfiguration(
            validators: try ValidatorSet(validators),
            transport: transportConfiguration
        )
        configuration.requestTimeout = .seconds(3_600)
        change(&configuration)
        return try HotStuffClient(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Self.quiet
        )
    }
}

/// Runs a test with fakes and a client, and closes all, however the test ends.
func withFakes(
    _ scripts: [FakeReplica.Script],
    resendInterval: Duration = .milliseconds(500),
    _ body: (FakeCluster, HotStuffClient) async throws -> Void
) async throws {
    let cluster = try FakeCluster(scripts)
    try await cluster.start()
    let client = try cluster.makeClient { $0.resendInterval = resendInterval }
    client.start()
    do {
        try await body(cluster, client)
    } catch {
        await client.stop()
        await cluster.stop()
        throw error
    }
    await client.stop()
    await cluster.stop()
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
