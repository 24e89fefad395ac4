import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// `hotstuff recover`: begins another chain with what is left of one that cannot go on.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Restart a chain of which too many replicas lost their disks, from what the others still have.",
        discussion: """
            As long as a quorum of replicas has its data nothing is to be done: start them, and the others fetch what they lost. Beyond that the \
            chain cannot go on, for nobody knows what the lost replicas signed. This command reads the directories that are left, shows what is in \
            them and what is lost, asks, and writes the beginning of another chain: the state behind the highest block that a quorum certified, in \
            a new epoch. Sessions and results of clients are part of the state, so no command is executed twice. The old directories are not \
            changed; no signature of the old chain counts on the new one.

            Stop all replicas of the chain first, and give every directory that is left: what only a directory has that was not given is lost. All \
            replicas must begin with the same output; the same directories give the same chain.
            """
    )

    @Option(help: "The configuration of the chain that cannot go on.")
    var config: String

    @Option(
        name: .customLong("data-dir"),
        help:
            "The directory of a replica or listener of it, only read; give all that are left, each with an option of its own."
    )
    var dataDirs: [String] = []

    @Option(
        help: "The directory to write, which must not exist: config.json and data, with which every replica begins."
    )
    var out: String

    @Option(
        help: ArgumentHelp(
            "The configuration with the replicas and listeners of the new chain, if keys were lost; hotstuff keygen makes one.",
            valueName: "config"
        )
    )
    var validators: String?

    @Option(
        name: .customLong("skip-command"),
        help: ArgumentHelp(
            "Do not execute this command, because the application crashes on it; may be given several times.",
            valueName: "id"
        )
    )
    var skippedCommands: [CommandName] = []

    @OptionGroup var work: ProofOfWorkOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Go on although the directories are those of a quorum, which could go on by itself.")
    var anyway = false

    @Flag(help: "Print one JSON object; asks nothing, so it needs --yes.")
    var json = false

    func run() throws {
        try checkOptions()
        let cluster = try work.applied(to: try ClusterConfiguration.read(config), file: config)
        let cast = try validators.map { try ClusterConfiguration.read($0) }
        let folder = try RecoveredFolder(out)
        let rescue = try ChainRescue(config: config, cluster: cluster).look(at: dataDirs)
        if !json { StandardStream.output.line(RescueTable(rescue: rescue, cluster: cluster).text) }
        let chain = try ChainRescue.restore(rescue, skipping: SkippedCommands(skippedCommands.map(\.key)))
        let next = try cluster.goingOn(from: chain.origin, with: cast, file: validators ?? config)
        let report = RecoveryReport(rescue: rescue, chain: chain, old: cluster, next: next)
        if !json { StandardStream.output.line("\n" + report.text) }
        try confirm(isNeedless: rescue.isNeedless)
        let byteCount = try folder.write(chain, next)
        StandardStream.output.line(
            json
                ? report.json(in: folder.path).compactText
                : "\n" + report.nextSteps(in: folder.path, byteCount: byteCount)
        )
    }

    private func checkOptions() throws {
        guard !dataDirs.isEmpty else {
            throw Failure(.usage, "there is no --data-dir", advice: "name every directory that is left")
        }
        for (index, directory) in dataDirs.enumerated() {
            let place = RecoverCommand.place(directory)
            guard !dataDirs[..<index].contains(where: { RecoverCommand.place($0) == place }) else {
                throw Failure(.usage, "--data-dir names \(directory) twice", advice: "name every directory once")
            }
        }
        if json, !yes {
            throw Failure(.usage, "--json asks nothing", advice: "add --yes, or leave it away to be asked")
        }
        if !yes, isatty(0) != 1 {
            throw Failure(
                .usage,
                "nobody can be asked, for standard input is no terminal",
                advice: "run it on a terminal, or with --yes"
            )
        }
    }

    private static func place(_ directory: String) -> String {
        URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
    }

    /// Asks whoever sits before the terminal, unless that was answered on the command line.
    private func confirm(isNeedless: Bool) throws {
        if isNeedless, yes, !anyway {
            throw Failure(
                .usage,
                "the directories are those of a quorum: start these replicas, and the chain goes on by itself",
                advice: "nothing was written; --anyway makes another chain all the same"
            )
        }
        guard !yes else { return }
        let word = isNeedless && !anyway ? "recover anyway" : "recover"
        StandardStream.output.write(
            "\nType \"\(word)\" to begin another chain, or anything else to leave all as it is: "
        )
        guard readLine()?.trimmingCharacters(in: .whitespaces) == word else {
            throw Failure(.no, "nothing was written", advice: "the old directories are as they were")
        }
    }
}
