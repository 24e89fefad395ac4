import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration

/// `hotstuff bench cluster`: how much a cluster on this machine takes.
struct BenchClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Measure throughput, latency, processor time and memory of a cluster on this machine.",
        discussion: """
            Starts replicas as processes of their own and loads them with clients in a closed loop: each command that has f + 1 equal \
            answers is followed by another. Commands write one of a thousand keys of the built-in store. All processes share this \
            machine, so a figure says as much about the machine as about the program.
            """
    )

    @Option(help: "The number of replicas.")
    var replicas = 4

    @Option(help: "The most commands of a block.")
    var blockSize = 400

    @Option(help: "The bytes of the value that each command writes.")
    var payload = 0

    @Option(help: "How many clients submit.")
    var clients = 1

    @Option(help: "How many commands are on their way, those of all clients together.")
    var outstanding = 3_200

    @Option(help: "How many seconds are measured.")
    var seconds = 20

    @Option(help: "How many seconds the load runs before that.")
    var warmUp = 3

    @Option(help: "Measure until so many blocks are final, whatever the time.")
    var blocks: UInt64?

    @Option(help: "How all replicas of the chain sign.")
    var signature = SignatureOption.mlDSA44

    @OptionGroup var leaders: ElectionOptions
    @Option(help: "When blocks are final: after three blocks of consecutive views, or after two.")
    var rule = CommitRuleOption.threeChain

    @Option(
        name: [.customLong("votes"), .customLong("routing")],
        help: "Who collects the votes: everyone, or the leader of the next view, with whom they are lost."
    )
    var votes = VoteRoutingOption.everyone

    @Option(help: "What a vote must survive before it leaves.")
    var durability = DurabilityOption.processCrash

    @Flag(help: "Run all replicas in this process, for a profiler.")
    var inProcess = false

    @Option(
        help: ArgumentHelp(
            "A new HTML file with the figures and drawings of them; measures other loads besides.",
            valueName: "file"
        )
    )
    var report: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let setting = try setting()
        if let report, access(report, F_OK) == 0 {
            throw Failure(.cannotCreate, "\(report) exists", advice: "name a new file with --report")
        }
        let progress = ProgressLine(isShown: !json)
        let benchmark = ClusterBenchmark(
            warmUp: .seconds(warmUp),
            goal: blocks.map(ClusterBenchmark.Goal.blocks) ?? .time(.seconds(seconds)),
            curve: report == nil ? [] : Self.curve
        )
        let result = try await Measurement.run(progress) {
            try await benchmark.run(setting) { progress.show($0) }
        }
        if let report { try write(ClusterPage(report: result).html, to: report) }
        StandardStream.output.line(json ? result.json.compactText : result.text)
    }

    /// The loads of a report's drawing.
    private static let curve = [1, 4, 16, 64, 256, 800, 1_600]

    private func write(_ page: String, to file: String) throws(Failure) {
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
        } catch {
            throw Failure(
                .cannotCreate,
                "\(file) cannot be written: \(error.localizedDescription)",
                advice: "name another file with --report"
            )
        }
    }

    private func setting() throws(Failure) -> ClusterSetting {
        try Failure.check(replicas, "--replicas", 1...40)
        try Failure.check(blockSize, "--block-size", 1...Payload.maximumCommandCount)
        try Failure.check(payload, "--payload", 0...65_536)
        try Failure.check(clients, "--clients", 1...256)
        try Failure.check(outstanding, "--outstanding", clients...65_536)
        try Failure.check(seconds, "--seconds", 1...86_400)
        try Failure.check(warmUp, "--warm-up", 0...600)
        if let blocks { try Failure.check(blocks, "--blocks", 1...1_000_000_000) }
        var parameters = try ChainParameters(leaders: leaders, rule: rule, votes: votes, replicas: replicas)
        parameters.maximumCommandsPerBlock = UInt32(blockSize)
        return ClusterSetting(
            replicas: replicas,
            signature: signature,
            parameters: parameters,
            durability: durability,
            payload: payload,
            clients: clients,
            outstanding: outstanding,
            isInProcess: inProcess
        )
    }
}
