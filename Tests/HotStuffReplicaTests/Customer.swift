import HotStuff
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Synchronization
import Testing

/// A client of some peers of a cluster, and a session that it opens there.
struct Customer {
    let client = PlainClient()
    let transport: ClientTransport

    /// Connects to some peers; to all replicas, if none are named.
    init(of peers: [Peer]? = nil, in cluster: LoopbackCluster) throws {
        transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: peers ?? cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: client
        )
        transport.start()
    }

    func stop() async { await transport.stop() }

    /// Opens a session at so many peers.
    func open(count: Int = 4) async throws -> SessionID {
        let opened = try await settle(.openSession(nonce: 7), count: count)
        guard case .opened(let session) = opened.outcome else {
            Issue.record("no session: \(opened)")
            throw CancellationError()
        }
        return session
    }

    /// Stores a value under a key, as the command of a number.
    @discardableResult
    func put(
        _ number: Int,
        _ value: [UInt8] = [1, 2, 3],
        in session: SessionID,
        count: Int
    ) async throws -> CommandResult {
        let command = Command(
            key: CommandKey(session: session, sequence: UInt64(number)),
            body: KeyValueCommand.put(key: Array("key\(number)".utf8), value: value).encoded
        )
        return try await settle(command, count: count)
    }

    /// Sends a command until so many peers have given one and the same result.
    func settle(_ command: Command, count: Int) async throws -> CommandResult {
        for attempt in 0..<4_500 {
            if attempt.isMultiple(of: 50) {
                for replica in transport.replicas {
                    transport.send(Frame.encode(ClientRequest.submit([command])), to: replica)
                }
            }
            let results = client.results(command.key)
            if results.count >= count, let first = results.first {
                #expect(results.allSatisfy { $0 == first })
                return first
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("command \(command.key) has \(client.results(command.key).count) results, not \(count)")
        throw CancellationError()
    }

    /// What a peer said last of where it stands, after it was asked once more.
    func status(of replica: ReplicaID) async throws -> ReplicaStatus? {
        transport.send(Frame.encode(ClientRequest.status), to: replica)
        try await Task.sleep(for: .milliseconds(20))
        return client.status(of: replica)
    }

    /// Waits until a listener stands where a replica stands, with the same state.
    func waitUntilEven(_ listener: ReplicaID, with replica: ReplicaID) async throws {
        for _ in 0..<1_500 {
            let (theirs, ours) = (try await status(of: replica), try await status(of: listener))
            guard let theirs, let ours, ours.replica == listener, ours.committedHeight == theirs.committedHeight,
                ours.executed == theirs.executed, ours.executed.height == ours.committedHeight
            else { continue }
            #expect(ours.applicationState == theirs.applicationState)
            #expect(ours.committedBlock == theirs.committedBlock)
            return
        }
        Issue.record("the listener stays behind")
    }
}

/// A client that sends to all and remembers who said what.
final class PlainClient: ClientTransportDelegate {
    private struct State {
        var results: [CommandKey: [ReplicaID: CommandResult]] = [:]
        var statuses: [ReplicaID: ReplicaStatus] = [:]
    }
    private let state = Mutex(State())

    func connected(_ replica: ReplicaID) {}
    func disconnected(_ replica: ReplicaID, reason: ConnectionFailure) {}
    func received(_ messages: [InboundMessage], from replica: ReplicaID) {
        for message in messages {
            guard let response = try? Frame.decode(ClientResponse.self, from: message.bytes) else { continue }
            state.withLock { state in
                switch response {
                case .results(let results):
                    for result in results { state.results[result.key, default: [:]][replica] = result }
                case .status(let status): state.statuses[replica] = status
                case .busy, .refused: break
                }
            }
        }
    }

    func status(of replica: ReplicaID) -> ReplicaStatus? { state.withLock { $0.statuses[replica] } }

    func results(_ key: CommandKey) -> [CommandResult] { state.withLock { Array(($0.results[key] ?? [:]).values) } }
}
