import ArgumentParser
import HotStuffConfiguration
import PostQuantum

/// `hotstuff bench sync`: how fast a replica without anything gets a long chain.
struct BenchSyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Measure how fast a replica that has nothing gets a long chain from three others.",
        discussion: """
            Four processes on this machine: three start with a chain that is written before, with the signatures of a quorum; the \
            fourth starts with an empty directory. Told is the time from its start until it has executed the last block.
            """
    )

    @Option(help: "The number of final blocks.")
    var blocks: UInt64 = 100_000

    @Option(help: "The number of commands in each block.")
    var blockSize = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        guard (100...10_000_000).contains(blocks) else {
            throw Failure(.usage, "--blocks is \(blocks)", advice: "choose 100 to 10000000")
        }
        guard (1...400).contains(blockSize) else {
            throw Failure(.usage, "--block-size is \(blockSize)", advice: "choose 1 to 400")
        }
        let progress = ProgressLine(isShown: !json)
        let benchmark = SyncBenchmark(blocks: blocks, blockSize: blockSize, scheme: .standard)
        let result = try await Measurement.run(progress) { try await benchmark.run(progress) }
        StandardStream.output.line(json ? result.json.compactText : result.text)
    }
}
