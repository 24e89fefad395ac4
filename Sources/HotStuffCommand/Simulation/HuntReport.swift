import HotStuff
import HotStuffConfiguration
import HotStuffSimulator

/// What came of a hunt.
struct HuntReport: Sendable {
    /// After how many views each run ended.
    let views: UInt64
    /// How many replicas each cluster had, if it was said.
    let replicas: Int?
    /// Which blocks became final in each cluster, if it was said.
    let rule: CommitRule?
    /// All runs.
    var campaign: Campaign
    /// How long it took.
    var seconds = 0.0

    /// Creates a report without a run.
    init(views: UInt64, replicas: Int?, rule: CommitRule?) {
        self.views = views
        self.replicas = replicas
        self.rule = rule
        // Of a single size, or in a few views, not everything happens.
        campaign = Campaign(isMixed: replicas == nil && views >= 100)
    }

    private var viewsPerSecond: Double { seconds > 0 ? Double(campaign.views) / seconds : 0 }

    /// The command that repeats a run.
    func reproduction(of seed: UInt64) -> String {
        let replicas = replicas.map { " --replicas \($0)" } ?? ""
        let rule = rule.map { " --rule \(CommitRuleOption($0).rawValue)" } ?? ""
        return "hotstuff simulate --seed \(seed)\(replicas) --views \(views)\(rule)"
    }

    /// A run that failed, on one line.
    func failure(of run: SeedRun) -> String {
        let what =
            run.violations.first.map { "\($0.kind.rawValue): \($0.detail)" }
            ?? "no progress: \(run.livenessFailure ?? "")"
        return "seed \(run.seed): \(what); repeat with: \(reproduction(of: run.seed)) --trace"
    }

    /// How far it is, for somebody who waits.
    func progress(of seeds: Range<UInt64>) -> String {
        let failures = campaign.violations.count + campaign.livenessFailures.count
        return "\(Figures.count(campaign.seeds)) of \(Figures.count(seeds.upperBound - seeds.lowerBound)) seeds, "
            + "\(Figures.count(campaign.views)) views, \(Figures.count(Int(viewsPerSecond))) views/s, \(failures) failures"
    }

    /// The outcome for people.
    func text(terminal: Terminal) -> String {
        var lines = [
            "\(Figures.count(campaign.seeds)) seeds, \(Figures.count(campaign.views)) views, "
                + "\(Figures.count(campaign.commits)) commits in \(Figures.decimal(seconds, digits: 1)) s: "
                + "\(Figures.count(Int(viewsPerSecond))) views/s",
            campaign.coverage.all.map { "\($0.item.rawValue) \(Figures.count($0.count))" }.joined(separator: ", "),
            "trace \(campaign.traceHash)",
        ]
        for (item, count, floor) in campaign.shortfalls {
            lines.append(
                terminal.colored("\(item.rawValue) happened \(count) times, expected are \(floor) or more", .yellow)
            )
        }
        let violations = campaign.violations.count
        let stuck = campaign.livenessFailures.count
        lines.append(
            violations + stuck == 0
                ? terminal.colored("no violation, no lack of progress", .green)
                : terminal.colored("\(violations) violations, \(stuck) lacks of progress", .red)
        )
        return lines.joined(separator: "\n")
    }

    /// The outcome as JSON.
    var json: JSONValue {
        .object([
            "seeds": .integer(campaign.seeds),
            "views": .integer(campaign.views),
            "commits": .integer(campaign.commits),
            "seconds": .rounded(seconds),
            "viewsPerSecond": .rounded(viewsPerSecond),
            "violations": .list(
                campaign.violations.map { seed, violation in
                    .object([
                        "seed": .integer(seed), "kind": .string(violation.kind.rawValue),
                        "detail": .string(violation.detail), "repeat": .string(reproduction(of: seed)),
                    ])
                }
            ),
            "livenessFailures": .list(
                campaign.livenessFailures.map { seed, detail in
                    .object([
                        "seed": .integer(seed), "detail": .string(detail), "repeat": .string(reproduction(of: seed)),
                    ])
                }
            ),
            "coverage": .object(
                Dictionary(uniqueKeysWithValues: campaign.coverage.all.map { ($0.item.rawValue, .integer($0.count)) })
            ),
            "shortfalls": .list(
                campaign.shortfalls.map { item, count, floor in
                    .object(["item": .string(item.rawValue), "count": .integer(count), "floor": .integer(floor)])
                }
            ),
            "traceHash": .string(campaign.traceHash.description),
        ])
    }
}
