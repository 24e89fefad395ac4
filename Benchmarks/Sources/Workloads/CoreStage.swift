internal import HotStuff

/// The core of one replica, and all that it hears in a chain of views that go well.
struct CoreStage {
    private struct Act {
        let proposal: Verified<Proposal>
        /// The votes of the others.
        let votes: [Verified<Vote>]
        /// The replica's own signature.
        let signature: Signature
        /// What the view makes final.
        let commits: Height?
    }

    private static let replica = ReplicaID(0)

    private var core: Consensus
    private var effects: [Effect] = []
    private let acts: [Act]

    /// Prepares so many views, with blocks of 400 commands.
    init(views: Int) throws {
        let members = try SampleCommittee()
        let chain = try SampleChain(of: views, commands: SampleCommands.perBlock, by: members)
        let others = members.committee.validators.replicas.filter { $0 != Self.replica }
        var verifier = members.verifier()
        acts = try zip(chain.links, chain.verifiedProposals()).map { link, proposal in
            let statement = link.votes[0].statement
            let height = link.block.height.rawValue
            return Act(
                proposal: proposal,
                votes: try others.map { try members.verified(members.vote(statement, by: $0), by: &verifier) },
                signature: try members.sign(statement.digest, by: Self.replica),
                commits: height > 2 ? Height(height - 2) : nil
            )
        }
        core = Consensus(
            committee: members.committee,
            replica: Self.replica,
            parameters: members.parameters,
            leaders: SteadyLeader()
        )
        core.start(now: Instant(0), wall: Timestamp(0), into: &effects)
    }

    /// Plays a view: the proposal, the own vote, those of the others, and the execution of what they make final.
    mutating func play(_ view: Int) throws {
        let act = acts[view]
        effects.removeAll(keepingCapacity: true)
        core.handle(.received(.proposal(act.proposal), from: SteadyLeader.replica), into: &effects)
        try sign(with: act.signature)
        for vote in act.votes {
            core.handle(.received(.vote(vote), from: vote.content.voter), into: &effects)
        }
        guard let height = act.commits else { return }
        let isFinal = effects.contains { effect in
            if case .commit(let block, _, _) = effect { block.height == height } else { false }
        }
        try WorkloadFault.unless(isFinal, "the votes of view \(view + 1) do not make height \(height) final")
        core.handle(.executed(SampleChain.executed(height)), into: &effects)
    }

    /// Makes durable what is to be, and signs the vote.
    private mutating func sign(with signature: Signature) throws {
        var durable: JournalPosition?
        var request: SigningRequest?
        for effect in effects {
            switch effect {
            case .append(_, let position): durable = position
            case .sign(let wish): request = wish
            case .startSegment, .send, .say, .serve, .serveRange, .serveSnapshot, .beginSnapshot, .keepChunk,
                .adoptSnapshot, .repair, .commit, .refuse, .answer, .wake, .enter, .gaveUp, .mine, .ignoredProof,
                .report, .amnesia, .halt:
                break
            }
        }
        guard let durable, let request else { throw WorkloadFault("the core does not vote") }
        core.handle(.durable(durable), into: &effects)
        core.handle(.signed(request.number, signature), into: &effects)
    }
}
