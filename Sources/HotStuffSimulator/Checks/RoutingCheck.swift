internal import HotStuff

/// Where votes go to the next leader: whether they go there and nowhere else, and whether that one shows everybody what it made of them.
struct RoutingCheck {
    private let world: SimulatedWorld
    private var oracle: LeaderOracle
    private var headers: [Digest: BlockHeader]
    /// The view of each replica's highest certificate.
    private var certifiedViews: [View]
    /// How many certificates were made by those who alone had the votes.
    private(set) var collectedCount = 0

    init(world: SimulatedWorld) {
        self.world = world
        oracle = LeaderOracle(world: world)
        let genesis = world.committee.genesis
        headers = [genesis.id: genesis.header]
        certifiedViews = Array(repeating: genesis.view, count: world.count)
    }

    /// A replica wrote a block down.
    mutating func saw(_ block: Block) {
        if world.isRouted { headers[block.id] = block.header }
    }

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        guard world.isRouted else { return nil }
        let standing = step.standing
        let before = certifiedViews[standing.replica.index]
        certifiedViews[standing.replica.index] = standing.highestCertifiedView
        for effect in step.effects {
            guard case .send(let released, let recipients) = effect, case .vote(let vote) = released.message,
                let collector = collector(of: vote.statement), recipients != .replica(collector)
            else { continue }
            // Who has started again knows of blocks below its last final one no more who leads above them.
            if world.leader(of: vote.statement.view) == nil, vote.statement.height <= standing.committedHeight {
                continue
            }
            return Violation(
                .rule,
                "replica \(standing.replica) sends its vote of view \(vote.statement.view) to \(recipients), not to replica \(collector)"
            )
        }
        guard standing.highestCertifiedView > before, isOfVotes(step.event), !step.isTheLast else { return nil }
        collectedCount += 1
        let isTold = step.effects.contains {
            if case .say(.certificates(let pair), .everyone) = $0 {
                pair.quorum.view == standing.highestCertifiedView
            } else {
                false
            }
        }
        guard !isTold, standing.record.lastProposal?.view != standing.view else { return nil }
        return Violation(
            .courtesy,
            "replica \(standing.replica) keeps the certificate of view \(standing.highestCertifiedView) to itself, which it alone can make"
        )
    }

    /// Whether what became certified in an event was so by votes.
    private func isOfVotes(_ event: Event?) -> Bool {
        switch event {
        case .received(.vote, _), .signed, .durable: true
        case .received, .clock, .connected, .disconnected, .refused, .damaged, .submitted, .forgotten, .executed,
            .segmentIsFull, .snapshotBegun, .chunkKept, .snapshotFailed, .mined, nil:
            false
        }
    }

    private mutating func collector(of statement: VoteStatement) -> ReplicaID? {
        let headers = headers
        return statement.view.next.flatMap { next in
            oracle.leader(of: next, above: statement.block) { headers[$0] }
        }
    }
}
