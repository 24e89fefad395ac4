import CoreMetrics
import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Testing

/// Four replicas in one process, over real sockets and a real disk; behind them come the listeners.
final class LoopbackCluster {
    let directory: URL
    /// The document of the chain that the replicas are started on.
    var genesis: Genesis
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
        skipping skipped: [CommandKey] = [],
        metrics: (any MetricsFactory)? = nil
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
                skippedCommands: skipped,
                metrics: metrics
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

    /// The files of a replica that this process has open, each as often as it has; nothing where the system does not tell.
    func openFiles(of index: Int) -> [String]? {
        let folder = "/proc/self/fd"
        guard let numbers = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        return numbers.compactMap { number in
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(number)")
            guard let path, path.hasPrefix(dataDirectory(index) + "/") else { return nil }
            return String(path.dropFirst(dataDirectory(index).count + 1))
        }
    }

    /// Waits until this process has no file of a replica open: threads that nobody waits for may take a moment to end.
    func waitUntilFilesAreClosed(of index: Int) async throws {
        for _ in 0..<500 where openFiles(of: index)?.isEmpty == false { try await Task.sleep(for: .milliseconds(20)) }
        #expect(openFiles(of: index) ?? [] == [])
    }

    func replica(_ index: Int) -> Replica? { replicas[index] }

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

enum Ports {
    static func free(count: Int) throws -> [Int] {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let channels = try (0..<count).map { _ in try bootstrap.bind(host: "127.0.0.1", port: 0).wait() }
        defer { for channel in channels { try? channel.close().wait() } }
        return channels.compactMap { $0.localAddress?.port }
    }
}
