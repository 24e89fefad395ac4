import ArgumentParser
import HotStuffConfiguration

/// `hotstuff bench memory`: how much memory replicas have while the chain grows.
struct BenchMemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Measure how much memory and disk replicas need while the chain grows.",
        discussion: """
            Four processes on this machine make blocks of one command each, take snapshots and, unless --keep says something else, keep only \
            the blocks since the older of the last two. Told is the resident memory of each at ten heights on the way, and how long one of \
            them takes to start again in the end.
            """
    )

    @Option(help: "The number of final blocks.")
    var blocks: UInt64 = 100_000

    @Option(help: "The number of blocks between two snapshots.")
    var snapshotInterval: UInt64 = 5_000

    @Option(
        help: ArgumentHelp(
            "Which final blocks stay: all, last-N or since-snapshot. (default: since-snapshot)",
            valueName: "policy"
        )
    )
    var keep: KeepOption?

    @Option(help: "What a vote must survive before it leaves.")
    var durability = DurabilityOption.processCrash

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        try Failure.check(blocks, "--blocks", 1_000...100_000_000)
        try Failure.check(snapshotInterval, "--snapshot-interval", 100...1_000_000)
        let progress = ProgressLine(isShown: !json)
        let benchmark = MemoryBenchmark(
            blocks: blocks,
            snapshotInterval: snapshotInterval,
            durability: durability,
            keep: keep?.policy ?? .sinceSnapshot
        )
        let result = try await Measurement.run(progress) { try await benchmark.run(progress) }
        StandardStream.output.line(json ? result.json.compactText : result.text)
    }
}
