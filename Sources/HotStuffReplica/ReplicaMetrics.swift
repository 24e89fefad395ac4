internal import CoreMetrics
internal import HotStuff

/// What a replica counts for its operators, in whatever system of metrics the process has (swift-metrics).
///
/// Without one it costs next to nothing. Every metric has the dimension `replica`.
struct ReplicaMetrics: Sendable {
    private let viewEnds: [ViewEnd: Counter]
    private let committedBlocks: Counter
    private let committedCommands: Counter
    private let contradictions: Counter
    private let ignoredProofs: Counter
    private let view: Gauge
    private let committedHeight: Gauge
    private let pendingCommands: Gauge

    /// Makes the metrics of a replica.
    ///
    /// - Parameters:
    ///   - replica: whose they are.
    ///   - factory: where they are kept; that of the process, if none is given.
    init(of replica: ReplicaID, in factory: (any MetricsFactory)?) {
        let factory = factory ?? MetricsSystem.factory
        let owner = [("replica", "\(replica)")]
        viewEnds = Dictionary(
            uniqueKeysWithValues: ViewEnd.allCases.map { end in
                let dimensions = owner + [("reason", end.rawValue)]
                return (end, Counter(label: "hotstuff_views_ended", dimensions: dimensions, factory: factory))
            }
        )
        committedBlocks = Counter(label: "hotstuff_committed_blocks", dimensions: owner, factory: factory)
        committedCommands = Counter(label: "hotstuff_committed_commands", dimensions: owner, factory: factory)
        contradictions = Counter(label: "hotstuff_contradictions", dimensions: owner, factory: factory)
        ignoredProofs = Counter(label: "hotstuff_ignored_proofs", dimensions: owner, factory: factory)
        view = Gauge(label: "hotstuff_view", dimensions: owner, factory: factory)
        committedHeight = Gauge(label: "hotstuff_committed_height", dimensions: owner, factory: factory)
        pendingCommands = Gauge(label: "hotstuff_pending_commands", dimensions: owner, factory: factory)
    }

    /// Counts the end of a view under its reason.
    func ended(_ end: ViewEnd) { viewEnds[end]?.increment() }

    /// Counts a block that became final.
    func committed(_ block: Block) {
        committedBlocks.increment()
        committedCommands.increment(by: block.payload.commands.count)
    }

    /// Counts two statements of one replica of which only one may be.
    func contradicted() { contradictions.increment() }

    /// Counts a proof of work that is none, or that came too late.
    func ignoredProof() { ignoredProofs.increment() }

    /// Tells where the replica stands.
    func stands(at standing: StatusBoard.Standing) {
        view.record(standing.view.rawValue)
        committedHeight.record(standing.committedHeight.rawValue)
        pendingCommands.record(standing.pendingCommands)
    }
}
