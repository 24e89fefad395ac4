import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration

/// `hotstuff demo`: a whole cluster on this machine, a load, a crash, and the proof that nothing was lost.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a cluster on this machine, crash a replica under load, and compare what is left.",
        discussion: """
            Starts replicas as processes of their own, submits the commands of a file, kills the leader of the current view \
            (SIGKILL) when half of them are confirmed, starts it again, waits until all replicas stand at the same height with \
            the same state, stops them, and compares the chains and the states on their disks. Ends with status 0 only if the \
            replica caught up and all chains and all states are the same.
            """
    )

    @Option(help: "The number of replicas.")
    var replicas = 4

    @Option(help: "A file with one command on each line. (default: the 2,000 of Examples/words.txt, built in)")
    var file: String?

    @Option(help: "How all replicas of the chain sign.")
    var signature = SignatureOption.mlDSA44

    @OptionGroup var leaders: ElectionOptions
    @Option(help: "When blocks are final: after three blocks of consecutive views, or after two.")
    var rule = CommitRuleOption.threeChain

    @Option(help: "Who collects the votes: everyone, or the leader of the next view, with whom they are lost.")
    var votes = VoteRoutingOption.everyone

    @Option(help: "What a vote must survive before it leaves.")
    var durability = DurabilityOption.powerLoss

    @Option(help: "A new folder for configuration, data and logs, which is kept.")
    var keep: String?

    @Flag(help: "Print nothing but one JSON object with the outcome.")
    var json = false

    func run() async throws {
        guard (1...40).contains(replicas) else {
            throw Failure(.usage, "--replicas is \(replicas)", advice: "choose 1 to 40 for one machine")
        }
        let commands = try commands()
        let terminal = Terminal.current
        let state = DemoState(total: commands.count)
        let display = DemoDisplay(json ? .quiet : .people(terminal), state: state, replicas: replicas)
        let testnet = try Testnet(
            replicas: replicas,
            scheme: signature.scheme,
            parameters: try ChainParameters(leaders: leaders, rule: rule, votes: votes, replicas: replicas),
            keptIn: keep
        )
        let processes = ReplicaProcesses(of: testnet, durability: durability)
        Interruption.watch("every replica is stopped too") { display.clear() }
        let report: DemoReport
        do {
            report = try await play(commands, testnet: testnet, processes: processes, state: state, display: display)
        } catch {
            processes.killAll()
            display.clear()
            testnet.remove()
            throw error
        }
        testnet.remove()
        StandardStream.output.line(json ? report.json.compactText : report.text(terminal: terminal))
        if !report.isSuccess { throw ExitCode(ProgramStatus.no.rawValue) }
    }

    private func play(
        _ commands: [WrittenCommand],
        testnet: Testnet,
        processes: ReplicaProcesses,
        state: DemoState,
        display: DemoDisplay
    ) async throws -> DemoReport {
        let client = try ClusterClient(
            testnet.configuration,
            file: testnet.configurationFile,
            timeout: Demo.commandTimeout,
            outstanding: Demo.outstanding
        )
        let demo = Demo(
            testnet: testnet,
            processes: processes,
            client: client.client,
            commands: commands,
            state: state,
            display: display
        )
        do {
            let report = try await demo.run()
            await client.stop()
            return report
        } catch {
            processes.killAll()
            await client.stop()
            throw error
        }
    }

    private func commands() throws -> [WrittenCommand] {
        guard let file else { return try CommandList.parse(Array(DemoWords.text.utf8), file: "the built-in words") }
        let bytes = try InputFile.read(file, what: "a list of commands", advice: "name another with --file")
        return try CommandList.parse(bytes, file: file)
    }
}
