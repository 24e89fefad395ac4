import ArgumentParser
import HotStuff
import HotStuffSimulator

/// `hotstuff simulate`: hunts bugs in simulated clusters.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Hunt bugs in simulated clusters."
    )

    @Option(help: "Seeds.") var seeds = "0..<100"
    @Option(help: "One seed.") var seed: UInt64?
    @Flag(help: "Trace.") var trace = false
    @Option(help: "Replicas.") var replicas: Int?
    @Option(help: "Views.") var views: UInt64 = 300

    func run() throws {
        let bounds = seeds.split(separator: "..<").compactMap { UInt64($0) }
        let range = seed.map { $0..<$0 + 1 } ?? bounds[0]..<bounds[1]
        var campaign = Campaign()
        for seed in range {
            let run = SeedRun(
                seed: seed,
                replicaCount: replicas,
                views: views,
                trace: trace ? { StandardStream.output.line($0) } : nil
            )
            campaign.add(run)
            for violation in run.violations.prefix(2) {
                StandardStream.output.line("seed \(seed): \(violation.kind) \(violation.detail)")
            }
            if let failure = run.livenessFailure { StandardStream.output.line("seed \(seed): liveness \(failure)") }
        }
        StandardStream.output.line("\(campaign.seeds) seeds \(campaign.views) views \(campaign.commits) commits")
        StandardStream.output.line(campaign.coverage.all.map { "\($0.item)=\($0.count)" }.joined(separator: " "))
        StandardStream.output.line("short: \(campaign.shortfalls) \(campaign.traceHash)")
    }
}
