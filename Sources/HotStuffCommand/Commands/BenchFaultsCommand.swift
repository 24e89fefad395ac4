import ArgumentParser
import HotStuff
import HotStuffConfiguration

/// `hotstuff bench faults`: how a cluster bears crashed and slow replicas.
struct BenchFaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Measure what crashed and slow replicas cost, for each way to elect leaders.",
        discussion: """
            For each chain a cluster of processes on this machine, whose links take their time, and one client: at full load, at 30 % of \
            what it took when nothing was wrong, and without faults also with one command after the other; then with one replica that \
            is slow, then with one replica after the other killed, up to a third. All processes share this machine, so the figures of few replicas and slow \
            links say most. What cannot commit with a third of the replicas down is left out; where leaders in turn need a longer tenure \
            for it, they have it.
            """
    )

    @Option(help: "How many replicas; several with commas between.")
    var replicas = "4,7"

    @Option(help: "Which elections; several with commas between.")
    var elections = BenchFaultsCommand.allElections

    @Option(help: "Who collects the votes; several with commas between.")
    var votes = VoteRoutingOption.allCases.map(\.rawValue).joined(separator: ",")

    @Option(help: "Which rules of commit; several with commas between.")
    var rules = CommitRuleOption.allCases.map(\.rawValue).joined(separator: ",")

    @Option(help: "How many milliseconds what one replica says takes to another; several with commas between.")
    var links = "0,5"

    @Option(help: "How many seconds each row is measured.")
    var seconds = 4

    @Option(help: "How many seconds a load runs before it is measured, and the cluster has to get used to a fault.")
    var settling = 2

    @Option(help: "How many commands are on their way at full load.")
    var outstanding = 1_600

    @Flag(help: "Print one JSON object.")
    var json = false

    private static let allElections = "roundRobin,weighted,reputation,proof-of-work"

    func run() async throws {
        try Failure.check(seconds, "--seconds", 1...600)
        try Failure.check(settling, "--settling", 0...600)
        try Failure.check(outstanding, "--outstanding", 1...FaultsStage.maximumOutstanding)
        let settings = try settings()
        let progress = ProgressLine(isShown: !json)
        let benchmark = FaultsBenchmark(
            span: .seconds(seconds),
            settling: .seconds(settling),
            outstanding: outstanding
        )
        let rows = try await Measurement.run(progress) {
            var rows: [FaultsRow] = []
            for (index, setting) in settings.enumerated() {
                rows += try await benchmark.run(setting) { progress.show("\(index + 1) of \(settings.count): \($0)") }
            }
            return rows
        }
        if json {
            StandardStream.output.line(JSONValue.object(["rows": .list(rows.map(\.json))]).compactText)
        } else {
            let table = TextTable(
                header: FaultsRow.header,
                note: "failed/1000: views of a thousand without a certificate; growth: final blocks per view; "
                    + "gap: the longest time without a result",
                rows: rows.map(\.cells)
            )
            StandardStream.output.line(table.text)
        }
    }

    /// Every chain that is asked for.
    private func settings() throws -> [FaultsSetting] {
        let counts = try list(replicas, "--replicas", "choose from 1 to 40, such as 4,7") { text in
            Int(text).flatMap { (1...40).contains($0) ? $0 : nil }
        }
        let elections = try list(
            elections,
            "--elections",
            "known are \(BenchFaultsCommand.allElections.replacing(",", with: ", "))"
        ) { text in
            try? LeaderElectionRule(name: ElectionOptions.name(text), tenure: nil)
        }
        let rules = try list(
            rules,
            "--rules",
            "known are \(CommitRuleOption.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { CommitRuleOption(rawValue: $0)?.rule }
        let routings = try list(
            votes,
            "--votes",
            "known are \(VoteRoutingOption.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { VoteRoutingOption(rawValue: $0)?.routing }
        let links = try list(links, "--links", "choose from 0 to 1000 milliseconds, such as 0,5") { text in
            Double(text).flatMap { (0...1_000).contains($0) ? $0 : nil }
        }
        var settings: [FaultsSetting] = []
        for count in counts {
            for election in elections {
                for routing in routings {
                    for rule in rules {
                        for link in links {
                            let setting = FaultsSetting(
                                replicas: count,
                                election: election,
                                routing: routing,
                                rule: rule,
                                linkMilliseconds: link
                            )
                            if let possible = setting.possible { settings.append(possible) }
                        }
                    }
                }
            }
        }
        guard !settings.isEmpty else {
            throw Failure(
                .usage,
                "no chain that is asked for could commit with replicas down",
                advice: "choose --votes everyone, or other --elections"
            )
        }
        return settings
    }

    /// The parts of a list on the command line.
    private func list<Part>(
        _ text: String,
        _ option: String,
        _ advice: String,
        _ read: (String) -> Part?
    ) throws(Failure) -> [Part] {
        var parts: [Part] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = read(String(part)) else {
                throw Failure(.usage, "\(option) has \(Failure.quoted(String(part)))", advice: advice)
            }
            parts.append(value)
        }
        return parts
    }
}
