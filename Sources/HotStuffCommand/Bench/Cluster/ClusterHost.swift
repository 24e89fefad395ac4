import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage
import Logging
import NIOCore
import NIOPosix

/// Runs the replicas of a cluster, in processes of their own or in this one.
enum ClusterHost: Sendable {
    case processes(ReplicaProcesses, [ReplicaID])
    case thisProcess([Replica], [MultiThreadedEventLoopGroup])

    /// Starts all replicas.
    ///
    /// - Throws: why one cannot be started; nothing runs then.
    init(_ testnet: Testnet, durability: DurabilityOption, isInProcess: Bool) async throws {
        let ids = testnet.configuration.replicas.map(\.id)
        guard isInProcess else {
            let processes = ReplicaProcesses(of: testnet, durability: durability)
            do {
                for id in ids { try processes.start(id) }
            } catch {
                processes.killAll()
                throw error
            }
            self = .processes(processes, ids)
            return
        }
        var replicas: [Replica] = []
        var groups: [MultiThreadedEventLoopGroup] = []
        do {
            for id in ids {
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
                groups.append(group)
                replicas.append(try await Self.start(id, of: testnet, durability: durability, group: group))
            }
        } catch {
            await Self.stop(replicas, groups)
            throw error
        }
        self = .thisProcess(replicas, groups)
    }

    private static func start(
        _ id: ReplicaID,
        of testnet: Testnet,
        durability: DurabilityOption,
        group: MultiThreadedEventLoopGroup
    ) async throws -> Replica {
        let file = testnet.keyFile(of: id)
        let cluster = testnet.configuration
        let configuration = ReplicaConfiguration(
            genesis: cluster.genesis,
            replica: id,
            peers: cluster.neighbours,
            settings: cluster.settings,
            dataDirectory: testnet.dataDirectory(of: id),
            durability: durability.durability,
            archive: ArchiveConfiguration(retention: cluster.keep.retention),
            keyMark: KeyFile.markPath(of: file),
            skippedCommands: []
        )
        do {
            return try await Replica.start(
                configuration,
                signer: try KeyFile.read(file).signer,
                machine: KeyValueStore(),
                group: group,
                logger: Logger(label: "hotstuff.replica") { _ in SwiftLogNoOpLogHandler() }
            )
        } catch let error as ReplicaError {
            throw Failure(error, dataDirectory: configuration.dataDirectory)
        }
    }

    /// The resident memory of each process, in megabytes.
    var megabytes: [Double] {
        switch self {
        case .processes(let processes, let ids): ids.map { processes.megabytes(of: $0) }
        case .thisProcess: [ResidentMemory.own.megabytes]
        }
    }

    /// The time of processors that each replica's process has used, in seconds; nothing where all are in this one.
    var processorSeconds: [Double] {
        switch self {
        case .processes(let processes, let ids): ids.map { processes.processorSeconds(of: $0) }
        case .thisProcess: []
        }
    }

    /// The same by what the threads of all replicas do; nothing where all are in this process.
    var threadTimes: ThreadTimes {
        switch self {
        case .processes(let processes, let ids): ids.map { processes.threadTimes(of: $0) }.reduce(ThreadTimes(), +)
        case .thisProcess: ThreadTimes()
        }
    }

    /// Fails if a replica has ended.
    func checkAllRun() throws(Failure) {
        if case .processes(let processes, _) = self { try processes.checkAllRun() }
    }

    /// Ends all replicas.
    func end() async {
        switch self {
        case .processes(let processes, _): processes.killAll()
        case .thisProcess(let replicas, let groups): await Self.stop(replicas, groups)
        }
    }

    private static func stop(_ replicas: [Replica], _ groups: [MultiThreadedEventLoopGroup]) async {
        for replica in replicas { await replica.stop() }
        // Shutting down fails only if a group was shut down before, and nobody else has it.
        for group in groups { try? await group.shutdownGracefully() }
    }
}
