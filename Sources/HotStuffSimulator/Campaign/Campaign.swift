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

    /// Whether the runs have options of all kinds, so that every fault and rare branch should happen.
    private let isMixed: Bool

    /// Creates a campaign without a run.
    ///
    /// - Parameter isMixed: whether the runs will have options of all kinds; if not, nothing is asked of the coverage.
    public init(isMixed: Bool = true) { self.isMixed = isMixed }

    /// Takes in what came of a run.
    public mutating func add(_ run: SeedRun) {
        seeds += 1
        views += run.views
        commits += run.commits
        violations += run.violations.map { (run.seed, $0) }
        if let failure = run.livenessFailure { livenessFailures.append((run.seed, failure)) }
        coverage.add(run.coverage)
        let hash = run.traceHash
        for word in [hash.word0, hash.word1, hash.word2, hash.word3] { trace.add(0, at: run.seed, who: 0, what: word) }
    }

    /// The digest of all runs' digests in their order.
    public var traceHash: Digest { trace.digest }

    /// What happened too rarely for the runs to prove anything.
    public var shortfalls: [(item: CoverageItem, count: UInt64, floor: UInt64)] {
        isMixed ? coverage.shortfalls(seeds: seeds) : []
    }

    /// Whether nothing was violated, all made progress, and every fault and rare branch was met often enough.
    public var isSound: Bool { violations.isEmpty && livenessFailures.isEmpty && shortfalls.isEmpty }
}
