import ArgumentParser
import HotStuffConfiguration

/// `hotstuff bench state`: how fast, and with how much memory, a replica takes a large state from others.
struct BenchStateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Measure how fast, and with how much memory, a replica takes a large state from others.",
        discussion: """
            In one process: an application with its state in a file, a snapshot of it, and a newcomer that asks for it, gets it in \
            messages as they cross the wire, verifies them, writes them to its disk and starts from them. Files with four times the \
            bytes are made, and removed in the end. Status 1 if memory grew by more than \(Int(StateReport.memoryBound)) MB on the way, \
            or the states differ.
            """
    )

    @Option(help: "The length of the state.")
    var bytes: UInt64 = 1_000_000_000

    @Option(
        help: ArgumentHelp(
            "Where the files are meanwhile. (default: the system's folder for temporary files)",
            valueName: "path"
        )
    )
    var directory: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        guard (1_000...100_000_000_000).contains(bytes) else {
            throw Failure(.usage, "--bytes is \(bytes)", advice: "choose 1000 to 100000000000")
        }
        let progress = ProgressLine(isShown: !json)
        let benchmark = StateBenchmark(stateBytes: bytes, directory: directory)
        let report = try await Measurement.run(progress) { try benchmark.run(progress) }
        StandardStream.output.line(json ? report.json.compactText : report.text)
        guard let failure = report.failure else { return }
        throw json ? ExitCode(ProgramStatus.no.rawValue) : failure
    }
}
