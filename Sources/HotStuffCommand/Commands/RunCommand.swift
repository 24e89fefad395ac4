import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage
import Logging
import NIOCore
import NIOPosix
import PostQuantum

#if HOTSTUFF_ATTACKS
import HotStuffSimulator
#endif

/// What a replica's statements must survive before they leave, as the command line says it.
enum DurabilityOption: String, ExpressibleByArgument, CaseIterable {
    case powerLoss = "power-loss"
    case processCrash = "process-crash"

    /// The same for the storage.
    var durability: Durability {
        switch self {
        case .powerLoss: .powerLoss
        case .processCrash: .processCrash
        }
    }
}

/// Which final blocks stay, as the command line says it.
struct KeepOption: ExpressibleByArgument {
    let policy: KeepPolicy

    init?(argument: String) {
        guard let policy = KeepPolicy(argument) else { return nil }
        self.policy = policy
    }
}

extension KeepPolicy {
    /// The same for the archive.
    var retention: ArchiveConfiguration.Retention {
        switch self {
        case .all: .all
        case .last(let count): .last(count)
        case .sinceSnapshot: .sinceSnapshot
        }
    }
}

/// A command of a chain, as the command line names it: `12.0/7` is number 7 of the session that was opened by the first command of
/// block 12.
struct CommandName: ExpressibleByArgument {
    let key: CommandKey

    init?(argument: String) {
        guard let key = CommandKey(name: argument), key.session != .none else { return nil }
        self.key = key
    }
}

/// How much is logged, as the command line says it.
enum LogLevelOption: String, ExpressibleByArgument, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    /// The same for the logger.
    var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}

/// `hotstuff run`: runs one replica until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one replica of a cluster, or a listener that follows it.",
        discussion: """
            It runs until SIGINT or SIGTERM, upon which it finishes what it writes and ends with status 0; a second signal \
            ends it at once. Standard output has one line when it is ready, standard error the log. If a block of its archive is \
            damaged that it needs to start, it says so, waits until another replica has given it, and signs nothing before. A listener \
            does all that a replica does but sign: it has no vote.
            """
    )

    @Option(help: "Which replica of the configuration this is, or which listener (from 1024 on).")
    var id: UInt16

    @Option(help: "The configuration of the cluster.")
    var config: String

    @Option(
        help: """
            The key of this replica; nobody else may have access to the file. A file KEY.used is kept beside it, which says \
            with which data directory the key signs.
            """
    )
    var key: String

    @Option(help: "The directory for the journal. (default: ./data_<id>)")
    var dataDir: String?

    @Option(help: "What a vote must survive before it leaves.")
    var durability = DurabilityOption.powerLoss

    @Option(
        help: ArgumentHelp(
            "Which final blocks stay on disk: all, last-N or since-snapshot. (default: what the configuration says)",
            discussion: """
                Blocks above the older of the two newest snapshots always stay, and files go as a whole, so more may stay than is asked \
                for. A replica that lags behind what all others keep takes a snapshot of theirs.
                """,
            valueName: "policy"
        )
    )
    var keep: KeepOption?

    @Option(
        help: ArgumentHelp(
            "The length at which the journal and the archive begin another file.",
            discussion:
                "The space of a file of the journal is taken when it is begun: choose less where the disk is small.",
            valueName: "bytes"
        )
    )
    var segmentBytes = 64 << 20

    @Option(
        name: .customLong("skip-command"),
        help: ArgumentHelp(
            "Do not execute this command, because the application crashes on it; may be given several times.",
            discussion: """
                A replica that ended twice while it executed one command names it and does not start again. Skipped, the command has \
                an empty reply. All replicas of the chain must skip the same commands: their states differ otherwise, and those in the \
                minority halt. The data directory remembers it; later starts need not say it again.
                """,
            valueName: "id"
        )
    )
    var skippedCommands: [CommandName] = []

    @Option(help: "Whose code signs; swift-crypto is slower, and knows ml-dsa-65 only.")
    var signer = SignerOption.hotstuff

    @OptionGroup var work: ProofOfWorkOptions

    @Option(
        help: ArgumentHelp(
            "How many threads look for solutions where proof of work elects leaders. (default: one for each core)",
            valueName: "count"
        )
    )
    var miningThreads: Int?

    @Option(help: "How much is logged.")
    var logLevel = LogLevelOption.info

    @Flag(help: "Log one JSON object on each line.")
    var jsonLog = false

    @Flag(
        help: ArgumentHelp(
            "Stop when standard input ends, so that no replica outlives its parent.",
            visibility: .hidden
        )
    )
    var stopAtEndOfInput = false

    #if HOTSTUFF_ATTACKS
    @Option(help: ArgumentHelp("How this replica lies.", visibility: .hidden))
    var attack: String?
    #endif

    /// The lengths that files may have: a shorter one would hold little more than its own beginning.
    private static let segmentLengths = 65_536...(1 << 30)

    func run() async throws {
        guard Self.segmentLengths.contains(segmentBytes) else {
            throw Failure(
                .usage,
                "--segment-bytes is \(segmentBytes)",
                advice: "choose \(Self.segmentLengths.lowerBound) to \(Self.segmentLengths.upperBound)"
            )
        }
        if let miningThreads, !Miner.threadCounts.contains(miningThreads) {
            throw Failure(
                .usage,
                "--mining-threads is \(miningThreads)",
                advice: "choose \(Miner.threadCounts.lowerBound) to \(Miner.threadCounts.upperBound)"
            )
        }
        let replica = ReplicaID(id)
        let configured = try ClusterConfiguration.read(config)
        let cluster = try work.applied(to: configured, file: config)
        let keyFile = try KeyFile.read(key)
        // The key was drawn for the chain that the file names.
        try keyFile.check(file: key, belongsTo: replica, of: configured, in: config)
        let signer = try signer.signer(of: keyFile, in: config)
        var settings = ReplicaConfiguration(
            genesis: cluster.genesis,
            replica: replica,
            peers: cluster.neighbours,
            settings: cluster.settings,
            dataDirectory: dataDir ?? "./data_\(id)",
            durability: durability.durability,
            archive: ArchiveConfiguration(retention: (keep?.policy ?? cluster.keep).retention),
            keyMark: KeyFile.markPath(of: key),
            skippedCommands: skippedCommands.map(\.key)
        )
        settings.segmentBytes = segmentBytes
        settings.miningThreads = miningThreads
        settings.archive.fileByteCount = UInt64(segmentBytes)
        #if HOTSTUFF_ATTACKS
        if let attack {
            guard let attack = StrategyName(rawValue: attack) else {
                throw Failure(
                    .usage,
                    "--attack is \(Failure.quoted(attack))",
                    advice: "choose a strategy of the simulator"
                )
            }
            settings.tongue = { [settings] in LyingTongue(attack, of: replica, in: settings, signer: signer) }
        }
        #endif
        // From here on a signal waits until there is something to stop.
        let stopping = StopRequest()
        if stopAtEndOfInput { stopping.watchStandardInput() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let failure = await serve(settings, signer: signer, cluster: cluster, group: group, stopping: stopping)
        // Shutting down fails only if the group was shut down before, and nobody else has it.
        try? await group.shutdownGracefully()
        if let failure { throw failure }
    }

    /// What this is, for the line that says that it is ready.
    private func role(in cluster: ClusterConfiguration) -> String {
        let count = cluster.replicas.count
        return ReplicaID(id).isListener ? "listener \(id) beside \(count) replicas" : "replica \(id) of \(count)"
    }

    /// Runs the replica to its end.
    private func serve(
        _ settings: ReplicaConfiguration,
        signer: any Signer,
        cluster: ClusterConfiguration,
        group: MultiThreadedEventLoopGroup,
        stopping: StopRequest
    ) async -> Failure? {
        var logger = Logger(label: "hotstuff.replica") { _ in
            LineLogHandler(level: logLevel.level, format: jsonLog ? .json : .text)
        }
        logger[metadataKey: "id"] = "\(id)"
        let running: Replica
        do {
            running = try await Replica.start(
                settings,
                signer: signer,
                machine: KeyValueStore(),
                group: group,
                logger: logger
            )
        } catch {
            return Failure(error, dataDirectory: settings.dataDirectory)
        }
        stopping.whenRequested { Task { await running.stop() } }
        if running.recoveredHeight == nil {
            StandardStream.output.line(
                """
                \(role(in: cluster)) repairs blocks of its archive before it starts: listening on port \(running.port), data in \
                \(settings.dataDirectory)
                """
            )
        }
        if let height = await running.waitUntilReady() {
            StandardStream.output.line(
                """
                \(role(in: cluster)) is ready: chain "\(cluster.name)" \(cluster.genesis.chain.short)… at height \(height), \
                listening on port \(running.port), data in \(settings.dataDirectory)
                """
            )
        }
        let stop = await running.waitUntilStopped()
        if stop == .requested { logger.info("stopped") }
        return Failure(stop, of: settings.replica)
    }
}
