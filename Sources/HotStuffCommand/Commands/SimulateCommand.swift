import ArgumentParser
import Foundation
import HotStuffConfiguration
import HotStuffSimulator

/// `hotstuff simulate`: hunts bugs in simulated clusters.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Hunt bugs: simulated clusters with faulty networks, disks and liars, each from a seed.",
        discussion: """
            Every seed is a cluster of its own: 1 to 10 replicas, their weights, what the network and the disks do, who crashes \
            and who lies. All that happens is checked at every step; now and then the faults stop, for a quorum or for all, and \
            commits are demanded within a bounded time. The same seed and options give the same run on any machine.

            A failure is told with the command that repeats it; add --trace to see everything that happens in it. The command \
            ends with status 1 if a run failed or, in a hundred seeds and more of mixed sizes with 100 views and more, if a fault or a rare \
            branch did not really happen often enough.
            """
    )

    @Option(help: ArgumentHelp("The seeds to run, the last excluded.", valueName: "first..<end"))
    var seeds: SeedRange?

    @Option(help: "The one seed to run.")
    var seed: UInt64?

    @Option(help: "How many replicas each cluster has, 1 to 10; drawn from the seed, if nothing is said.")
    var replicas: Int?

    @Option(help: "When blocks are final in each cluster; drawn from the seed, if nothing is said.")
    var rule: CommitRuleOption?

    @Option(help: "After how many views a run ends.")
    var views: UInt64 = 300

    @Option(help: "How many runs go on at a time; as many as there are processors, if nothing is said.")
    var jobs: Int?

    @Flag(help: "Print everything that happens; of one seed only.")
    var trace = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if seed != nil, seeds != nil { throw ValidationError("--seed and --seeds exclude each other.") }
        if trace, seed == nil { throw ValidationError("--trace shows one run; name it with --seed.") }
        if trace, json { throw ValidationError("--trace and --json exclude each other.") }
    }

    func run() async throws {
        if let replicas, !(1...10).contains(replicas) {
            throw Failure(.usage, "--replicas is \(replicas)", advice: "choose 1 to 10")
        }
        guard (1...1_000_000).contains(views) else {
            throw Failure(.usage, "--views is \(views)", advice: "choose 1 to 1000000")
        }
        if let jobs, !(1...1_024).contains(jobs) {
            throw Failure(.usage, "--jobs is \(jobs)", advice: "choose 1 to 1024")
        }
        if let seed, seed == .max { throw Failure(.usage, "--seed is \(seed)", advice: "choose a smaller one") }
        let range = seed.map { $0..<$0 + 1 } ?? seeds?.range ?? 0..<100
        let hunt = Hunt(
            seeds: range,
            replicas: replicas,
            views: views,
            rule: rule?.rule,
            jobs: jobs ?? Hunt.processors
        )
        let report = trace ? hunt.traced() : await hunt.run(isQuiet: json)
        StandardStream.output.line(json ? report.json.compactText : report.text(terminal: .current))
        if !report.campaign.isSound { throw ExitCode(ProgramStatus.no.rawValue) }
    }
}

/// Some seeds, as `0..<1000`.
struct SeedRange: ExpressibleByArgument, Equatable {
    /// The seeds.
    let range: Range<UInt64>

    /// Reads `first..<end`; nothing unless there is at least one seed.
    init?(argument: String) {
        let parts = argument.components(separatedBy: "..<")
        guard parts.count == 2, let first = UInt64(parts[0]), let end = UInt64(parts[1]), first < end else {
            return nil
        }
        range = first..<end
    }
}
