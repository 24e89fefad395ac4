public import HotStuff

/// What came of many runs.
public struct Campaign: Sendable {
    /// The number of runs.
    public private(set) var seeds: UInt64 = 0
    /// The views of all runs together.
    public private(set) var views: UInt64 = 0
    /// The final blocks of all runs together.
    public private(set) var commits: UInt64 = 0
    /// What must never happen, by seed.
    public private(set) var violations: [(seed: UInt64, violation: Violation)] = []
    /// The lack of progress, by seed.
    public private(set) var livenessFailures: [(seed: UInt64, detail: String)] = []
    /// How often what happened in all runs.
    public private(set) var coverage = Coverage()
    private var trace = TraceHash()

    /// Creates a campaign without a run.
    public init() {}

    /// Takes in what came of a run.
    public mutating func add(_ run: SeedRun) {
        seeds += 1
        views += run.views
        commits += run.commits
        violations += run.violations.map { (run.seed, $0) }
        if let failure = run.livenessFailure { livenessFailures.append((run.seed, failure)) }
        coverage.add(run.coverage)
        trace.add(0, at: run.seed, who: 0, what: run.traceHash.word0)
    }

    /// The digest of all runs' digests in their order.
    public var traceHash: Digest { trace.digest }

    /// What happened too rarely for the runs to prove anything.
    public var shortfalls: [(item: CoverageItem, count: UInt64, floor: UInt64)] { coverage.shortfalls(seeds: seeds) }

    /// Whether nothing was violated, all made progress, and every fault and rare branch was met often enough.
    public var isSound: Bool { violations.isEmpty && livenessFailures.isEmpty && shortfalls.isEmpty }
}
