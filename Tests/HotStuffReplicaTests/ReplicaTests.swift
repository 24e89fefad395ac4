import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Synchronization
import Testing

/// Four replicas in one process, over real sockets and a real disk; behind them come the listeners.
final class LoopbackCluster {
    let directory: URL
    let genesis: Genesis
    /// The replicas, and behind them the listeners.
    let neighbours: [Peer]
    /// The replicas.
    var peers: [Peer] { neighbours.filter { !$0.id.isListener } }
    private let signers: [any Signer]
    private let settings: ConsensusSettings
    private var replicas: [Replica?]

    init(
        count: Int = 4,
        listeners: Int = 0,
        viewTimeoutMilliseconds: UInt64 = 1_000,
        parameters: ChainParameters = ChainParameters()
    ) throws {
        settings = ConsensusSettings(
            pacemaker: PacemakerSettings(viewTimeoutMilliseconds: viewTimeoutMilliseconds)
        )
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("hotstuff-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let scheme = SignatureScheme.standard
        signers = try (0..<count + listeners).map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
        let ports = try Ports.free(count: count + listeners)
        genesis = Genesis(
            name: "test",
            validators: try ValidatorSet(
                signers[..<count].map {
                    Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1))
                }
            ),
            signatureScheme: scheme.rawValue,
            parameters: parameters
        )
        neighbours = zip(signers, ports).enumerated().map { index, pair in
            Peer(
                id: ReplicaID(UInt16(index < count ? index : 1_024 + index - count)),
                host: "127.0.0.1",
                port: pair.1,
                verificationKey: pair.0.verificationKey.bytes
            )
        }
        replicas = Array(repeating: nil, count: count + listeners)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Starts a replica; another signer than its own has the same public key.
    func start(
        _ index: Int,
        signer: (any Signer)? = nil,
        verificationThreads: Int? = nil,
        segmentBytes: Int = 64 << 20,
        retention: ArchiveConfiguration.Retention = .all,
        keyMark: String? = nil,
        knowing known: [Peer]? = nil,
        skipping skipped: [CommandKey] = []
    ) async throws {
        var logger = Logger(label: "replica \(index)")
        logger.logLevel = ProcessInfo.processInfo.environment["HOTSTUFF_TEST_LOG"] == nil ? .critical : .trace
        replicas[index] = try await Replica.start(
            ReplicaConfiguration(
                genesis: genesis,
                replica: neighbours[index].id,
                peers: known ?? neighbours,
                settings: settings,
                dataDirectory: dataDirectory(index),
                durability: .processCrash,
                archive: ArchiveConfiguration(fileByteCount: UInt64(segmentBytes), retention: retention),
                segmentBytes: segmentBytes,
                verificationThreads: verificationThreads,
                keyMark: keyMark,
                skippedCommands: skipped
            ),
            signer: signer ?? signers[index],
            machine: KeyValueStore(),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: logger
        )
    }

    func dataDirectory(_ index: Int) -> String { directory.appendingPathComponent("data_\(index)").path }

    func signer(_ index: Int) -> any Signer { signers[index] }

    /// The first heights of the files of a replica's archive.
    func firstBlocks(of index: Int) -> [UInt64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: dataDirectory(index))) ?? []
        return names.filter { $0.hasPrefix("blocks-") }.compactMap { UInt64($0.dropFirst(7)) }
    }

    func waitUntilStopped(_ index: Int) async -> ReplicaStop? { await replicas[index]?.waitUntilStopped() }

    func stop(_ index: Int) async {
        await replicas[index]?.stop()
        replicas[index] = nil
    }

    func chain(of index: Int) throws -> [Block] {
        var blocks: [Block] = []
        try ChainReader.readCommitted(
            dataDirectory: directory.appendingPathComponent("data_\(index)").path,
            genesis: genesis,
            replica: neighbours[index].id,
            peers: neighbours
        ) { blocks.append($0) }
        return blocks
    }
}

/// A key that makes handshakes, but fails at statements.
struct FailingSigner: Signer {
    let base: any Signer

    var verificationKey: VerificationKey { base.verificationKey }

    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8] {
        if context == Array("swift-hotstuff statement".utf8) { throw .failed }
        return try base.sign(message, context: context)
    }
}

enum Ports {
    static func free(count: Int) throws -> [Int] {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let channels = try (0..<count).map { _ in try bootstrap.bind(host: "127.0.0.1", port: 0).wait() }
        defer { for channel in channels { try? channel.close().wait() } }
        return channels.compactMap { $0.localAddress?.port }
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

@Suite("a replica over sockets and a disk", .serialized)
struct ReplicaTests {
    @Test("four replicas open a session, execute commands, lose one, get it back, and hold one chain")
    func cluster() async throws {
        let cluster = try LoopbackCluster()
        for index in 0..<4 { try await cluster.start(index) }
        let client = PlainClient()
        let transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: client
        )
        transport.start()
        let opening = Command.openSession(nonce: 7)
        let opened = try await settle(opening, count: 4, client: client, transport: transport)
        guard case .opened(let session) = opened.outcome else {
            Issue.record("no session: \(opened)")
            return
        }
        for sequence in 1...40 {
            if sequence == 15 { await cluster.stop(2) }
            if sequence == 30 { try await cluster.start(2) }
            let command = Command(
                key: CommandKey(session: session, sequence: UInt64(sequence)),
                body: KeyValueCommand.put(key: Array("key\(sequence)".utf8), value: [1, 2, 3]).encoded
            )
            let count = (15..<30).contains(sequence) ? 3 : sequence == 30 ? 3 : 4
            _ = try await settle(command, count: count, client: client, transport: transport)
        }
        await transport.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let chains = try (0..<4).map { try cluster.chain(of: $0).map(\.header) }
        let longest = try #require(chains.max { $0.count < $1.count })
        for chain in chains {
            #expect(chain.count + 3 >= longest.count)
            #expect(chain == Array(longest.prefix(chain.count)))
        }
    }

    @Test(
        "a replica whose segments are full begins others, removes them, and starts again from a snapshot and what is left"
    )
    func segments() async throws {
        let cluster = try LoopbackCluster(count: 1, parameters: ChainParameters(snapshotInterval: 10))
        let client = PlainClient()
        let transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: client
        )
        transport.start()
        var session: SessionID?
        for round in 0..<3 {
            try await cluster.start(0, segmentBytes: 40_000)
            if session == nil {
                let opened = try await settle(.openSession(nonce: 7), count: 1, client: client, transport: transport)
                guard case .opened(let own) = opened.outcome else {
                    Issue.record("no session: \(opened)")
                    return
                }
                session = own
            }
            for number in 1...12 {
                let command = Command(
                    key: CommandKey(session: try #require(session), sequence: UInt64(round * 12 + number)),
                    body: KeyValueCommand.put(key: [UInt8(number)], value: Array(repeating: 1, count: 3_000)).encoded
                )
                _ = try await settle(command, count: 1, client: client, transport: transport)
            }
            await cluster.stop(0)
        }
        await transport.stop()
        let names = try FileManager.default.contentsOfDirectory(atPath: cluster.dataDirectory(0))
        #expect(!names.contains("journal-0000000001"))
        #expect(names.contains { $0.hasPrefix("journal-") })
        #expect(names.filter { $0.hasPrefix("snapshot-") && !$0.contains(".") }.count == 2)
        #expect(names.filter { $0.hasPrefix("blocks-") }.count > 1)
        let chain = try cluster.chain(of: 0)
        #expect(chain.map(\.height) == chain.indices.map { Height(UInt64($0 + 1)) })
        #expect(chain.reduce(0) { $0 + $1.payload.commands.count } == 37)
    }

    @Test("a replica whose key makes no signature stops, and says so")
    func failingSigner() async throws {
        let cluster = try LoopbackCluster(count: 1)
        try await cluster.start(0, signer: FailingSigner(base: cluster.signer(0)))
        let transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: PlainClient()
        )
        transport.start()
        let asking = Task {
            while !Task.isCancelled {
                transport.send(Frame.encode(ClientRequest.submit([.openSession(nonce: 7)])), to: ReplicaID(0))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(await cluster.waitUntilStopped(0) == .signerFailed("the message could not be signed"))
        asking.cancel()
        await transport.stop()
        await cluster.stop(0)
    }

    @Test("a number of threads that cannot be is refused", arguments: [-1, 1_024, .max])
    func impossibleThreads(count: Int) async throws {
        let cluster = try LoopbackCluster(count: 1)
        let error = await #expect(throws: ReplicaError.self) {
            try await cluster.start(0, verificationThreads: count)
        }
        #expect(error?.kind == .configuration)
    }

    @Test(
        "a replica that crashed twice on one command names it and does not start, until the command is skipped, for good"
    )
    func poison() async throws {
        let cluster = try LoopbackCluster(count: 1)
        let session = SessionID(height: Height(1), position: 0)
        let command = Command(
            key: CommandKey(session: session, sequence: 1),
            body: KeyValueCommand.put(key: [1], value: [2]).encoded
        )
        try await cluster.start(0)
        await cluster.stop(0)
        // A process that crashed leaves the mark; the store never crashes, so it is put there.
        let witnessed = WitnessedCommand(key: command.key, digest: command.digest, index: 0)
        let disk = try RealDisk(path: cluster.dataDirectory(0), createIfMissing: false)
        for _ in 0..<2 {
            try ExecutionRecorder(on: disk).willExecute(witnessed, at: Height(2))
        }
        let error = await #expect(throws: ReplicaError.self) { try await cluster.start(0) }
        #expect(error?.kind == .poisoned)
        let line = "\(try #require(error))"
        #expect(line.contains("command 1.0/1 ") && line.contains("height 2") && line.contains("\(command.digest)"))

        try await cluster.start(0, skipping: [command.key])
        let client = PlainClient()
        let transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: client
        )
        transport.start()
        let opened = try await settle(.openSession(nonce: 7), count: 1, client: client, transport: transport)
        #expect(opened.outcome == .opened(session))
        let skipped = try await settle(command, count: 1, client: client, transport: transport)
        #expect(skipped.outcome == .executed([]))

        // The next start replays the chain without being told again.
        await cluster.stop(0)
        try await cluster.start(0)
        let get = Command(
            key: CommandKey(session: session, sequence: 2),
            body: KeyValueCommand.get(key: [1]).encoded
        )
        let result = try await settle(get, count: 1, client: client, transport: transport)
        #expect(result.outcome == .executed(KeyValueReply.absent.encoded))
        await transport.stop()
        await cluster.stop(0)
    }

    @Test(
        "a newcomer whose peers have pruned their blocks takes their state, then the blocks, and takes part; a restart keeps that"
    )
    func newcomer() async throws {
        let cluster = try LoopbackCluster(
            viewTimeoutMilliseconds: 400,
            parameters: ChainParameters(snapshotInterval: 10)
        )
        func start(_ index: Int) async throws {
            try await cluster.start(index, segmentBytes: 40_000, retention: .sinceSnapshot)
        }
        for index in 0..<4 { try await start(index) }
        let client = PlainClient()
        let transport = try ClientTransport(
            configuration: TransportConfiguration(
                chain: cluster.genesis.chain,
                scheme: .standard,
                peers: cluster.peers
            ),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "client"),
            delegate: client
        )
        transport.start()
        let opened = try await settle(.openSession(nonce: 7), count: 4, client: client, transport: transport)
        guard case .opened(let session) = opened.outcome else {
            Issue.record("no session: \(opened)")
            return
        }
        func put(_ number: Int, count: Int) async throws {
            let command = Command(
                key: CommandKey(session: session, sequence: UInt64(number)),
                body: KeyValueCommand.put(key: [UInt8(number)], value: Array(repeating: 1, count: 3_000)).encoded
            )
            _ = try await settle(command, count: count, client: client, transport: transport)
        }
        await cluster.stop(3)
        try FileManager.default.removeItem(atPath: cluster.dataDirectory(3))
        for number in 1...16 { try await put(number, count: 3) }
        let first = cluster.firstBlocks(of: 0)
        #expect(first.min().map { $0 > 1 } == true, "the others have pruned: \(first)")
        try await start(3)
        try await put(17, count: 4)
        let taken = cluster.firstBlocks(of: 3)
        #expect(taken.min().map { $0 > 1 } == true, "it has no block from before: \(taken)")
        await cluster.stop(3)
        try await start(3)
        try await put(18, count: 4)
        await transport.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let heads = try (0..<4).map { try #require(cluster.chain(of: $0).last) }
        #expect(heads.allSatisfy { $0.height > Height(30) })
    }
}
