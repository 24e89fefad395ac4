public import HotStuff

/// One run of a simulated cluster: what is asked, and what came of it.
public struct SeedRun: Hashable, Sendable {
    /// The seed that decides everything else.
    public let seed: UInt64
    /// The number of views through which the cluster went.
    public let views: UInt64
    /// The number of blocks that became final.
    public let commits: UInt64
    /// What must never happen, and did.
    public let violations: [Violation]
    /// The lack of progress when nothing was in the way, if there was one.
    public let livenessFailure: String?
    /// How often what happened.
    public let coverage: Coverage
    /// The digest of every event of the run in its order.
    public let traceHash: Digest

    /// Whether all went well.
    public var isSound: Bool { violations.isEmpty && livenessFailure == nil }

    /// Lives through all that a seed holds.
    ///
    /// The same arguments give the same result, in any process and on any machine.
    ///
    /// - Parameters:
    ///   - seed: decides everything else.
    ///   - replicaCount: how many replicas, from 1 to 10; drawn from the seed, if nothing is said.
    ///   - views: after how many views the run ends.
    ///   - circumstance: what this run has and others have not.
    ///   - commitRule: which blocks become final; drawn from the seed, if nothing is said.
    ///   - trace: gets a line for everything that happens, if somebody reads it.
    public init(
        seed: UInt64,
        replicaCount: Int? = nil,
        views: UInt64 = 300,
        circumstance: Circumstance? = nil,
        commitRule: CommitRule? = nil,
        trace: ((String) -> Void)? = nil
    ) {
        let options = SwarmOptions(
            seed: seed,
            replicaCount: replicaCount,
            viewGoal: views,
            circumstance: circumstance,
            commitRule: commitRule
        )
        self.init(options, trace: trace)
    }

    /// Lives through a seed of four replicas of which one lies in one way only, whatever else the seed holds.
    package init(seed: UInt64, lying strategy: StrategyName, views: UInt64, trace: ((String) -> Void)? = nil) {
        var options = SwarmOptions(seed: seed, replicaCount: 4, viewGoal: views)
        options.lie(strategy)
        self.init(options, trace: trace)
    }

    private init(_ options: SwarmOptions, trace: ((String) -> Void)?) {
        let simulation = Simulation(options, print: trace)
        let failure = simulation.runRounds()
        seed = options.seed
        self.views = simulation.highestView.rawValue
        commits = simulation.inspector.chain.height.rawValue
        violations = simulation.inspector.violations
        livenessFailure = violations.isEmpty ? failure?.detail : nil
        var coverage = simulation.coverage
        coverage.count(.believedResults, simulation.inspector.clients.believedCount)
        coverage.count(.collectedCertificates, simulation.inspector.collectedCertificateCount)
        coverage.count(.certificatesAskedFor, simulation.inspector.certificateRequestCount)
        self.coverage = coverage
        traceHash = simulation.traceHash
    }
}
