import ArgumentParser
import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// `hotstuff submit`: has the replicas of a cluster execute commands.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Have the cluster execute commands and print what it answers.",
        usage: "hotstuff submit --config FILE [OPTIONS] [--file FILE | COMMAND]",
        discussion: """
            COMMAND is put KEY VALUE, get KEY, delete KEY, cas KEY EXPECTED NEW (EXPECTED is - for a key without value), or \
            list [PREFIX [AFTER]]; put -- before it if a word begins with a dash. An answer counts when replicas with more \
            than f of the voting power give the same, so that an honest one is among them. No key is needed.

            The exit status is 0 if the store did or has what it was asked for, 1 if not (no such key, a swap that was not \
            made), 69 if too few replicas answer in time, and 75 if a command got lost and may be tried again.
            """
    )

    @Option(help: "The configuration of the cluster.")
    var config: String

    @Option(help: "A file with one command on each line, - for standard input.")
    var file: String?

    @Option(
        help: "How many commands of a file may be on their way at a time; with more than 1 their order is not fixed."
    )
    var outstanding = 1

    @OptionGroup var work: ProofOfWorkOptions

    @Option(help: "The seconds that a command may take.")
    var timeout = 10.0

    @Flag(help: "Print one JSON object on a line for each command.")
    var json = false

    @Flag(help: "Print the answers alone.")
    var quiet = false

    @Argument(help: ArgumentHelp("The command.", valueName: "command"))
    var words: [String] = []

    func run() async throws {
        guard (0.001...86_400).contains(timeout) else {
            throw Failure(.usage, "--timeout is \(timeout)", advice: "give seconds from 0.001 to 86400")
        }
        guard (1...1_024).contains(outstanding) else {
            throw Failure(.usage, "--outstanding is \(outstanding)", advice: "give a number from 1 to 1024")
        }
        let configuration = try work.applied(to: try ClusterConfiguration.read(config), file: config)
        let commands = try commands()
        let client = try ClusterClient(
            configuration,
            file: config,
            timeout: .milliseconds(Int64(timeout * 1_000)),
            outstanding: outstanding
        )
        var isYes = true
        do {
            try await Submission(client: client.client, outstanding: outstanding).run(commands) { result in
                isYes = isYes && result.reply.isYes
                StandardStream.output.line(text(of: result))
            }
        } catch {
            await client.stop()
            throw error
        }
        await client.stop()
        if !isYes { throw ExitCode(ProgramStatus.no.rawValue) }
    }

    private func commands() throws -> [WrittenCommand] {
        switch (file, words.isEmpty) {
        case (let file?, true):
            guard file != "-" else {
                return try CommandList.parse(try InputFile.readStandardInput(), file: "standard input")
            }
            let bytes = try InputFile.read(file, what: "a list of commands", advice: "name another with --file")
            return try CommandList.parse(bytes, file: file)
        case (nil, false):
            do {
                return [WrittenCommand(text: words.joined(separator: " "), command: try KeyValueCommand(words: words))]
            } catch {
                throw Failure(.usage, "\(error)", advice: "see hotstuff submit --help")
            }
        case (_?, false):
            throw Failure(.usage, "there is a command beside --file", advice: "give one or the other")
        case (nil, true):
            throw Failure(.usage, "a command is missing", advice: "give put, get, delete, cas or list, or --file FILE")
        }
    }

    private func text(of result: SubmissionResult) -> String {
        if json {
            return JSONValue.object([
                "command": .string(result.text),
                "confirmations": .integer(UInt64(result.receipt.confirmations)),
                "height": .integer(result.receipt.height.rawValue),
                "latencyMilliseconds": .rounded(result.latencyMilliseconds),
                "reply": result.reply.json,
                "succeeded": .boolean(result.reply.isYes),
            ]).compactText
        }
        if quiet { return result.reply.description }
        let latency = Figures.milliseconds(result.latencyMilliseconds)
        return """
            \(result.reply)
              height \(result.receipt.height), told alike by \(result.receipt.confirmations) replicas, \(latency)
            """
    }
}
