import ArgumentParser
import HotStuffConfiguration

/// `hotstuff bench`: measures on this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure on this machine.",
        subcommands: [
            BenchClusterCommand.self, BenchCryptoCommand.self, BenchFaultsCommand.self, BenchSyncCommand.self,
            BenchMemoryCommand.self,
            BenchStateCommand.self,
        ],
        defaultSubcommand: BenchClusterCommand.self
    )
}

/// `hotstuff bench crypto`: what signatures, hashes and certificates cost here.
struct BenchCryptoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crypto",
        abstract: "Measure signatures, hashes and certificates, against swift-crypto in the same run.",
        discussion: """
            Every implementation has its turn in each round, so that whatever else the machine does meets all of them alike; \
            what is told are medians over the rounds. Ratios within one run mean more than times.
            """
    )

    @Option(help: "How many turns each has; more take longer and tell more.")
    var rounds = 25

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        guard (1...10_000).contains(rounds) else {
            throw Failure(.usage, "--rounds is \(rounds)", advice: "choose 1 to 10000, best 25 or more")
        }
        let progress = ProgressLine(isShown: !json)
        let stopwatch = Stopwatch(rounds: rounds, turnNanoseconds: 200_000)
        let report: CryptoReport
        do {
            report = CryptoReport(
                signatures: try SignatureBenchmark().run(stopwatch, didRound: progress.show),
                hashes: try HashBenchmark().run(stopwatch, didRound: progress.show),
                certificates: try CertificateBenchmark().run(stopwatch, didRound: progress.show),
                work: try WorkBenchmark().run(didRound: progress.show)
            )
        } catch let failure as Failure {
            progress.clear()
            throw failure
        } catch {
            progress.clear()
            throw Failure(.software, "the measurement failed: \(error)", advice: "report this")
        }
        progress.clear()
        StandardStream.output.line(json ? report.json.compactText : report.text)
    }
}
