internal import HotStuff

/// The rules of the design, section 3, seen from outside: each new vote, timeout and proposal is judged again.
struct RuleCheck {
    private struct Judged {
        var vote: VoteStatement?
        var timeout: TimeoutStatement?
        var proposal: ProposalStatement?
        var lockedView: View
        /// The view of the certificate that it must see before it signs anything (A1).
        var forgotten: View?
        /// Who told it what it had signed, since it started, and the highest view of that.
        var informants: Set<ReplicaID> = []
        var recalled: View?
        var blocks: Set<Digest> = []
        /// The timeout certificates that it was shown with blocks of its current view, or showed itself.
        var entries: [Entry] = []
    }

    /// A timeout certificate that came with a block.
    private struct Entry {
        let block: Digest
        let certificate: TimeoutCertificate
    }

    private let world: SimulatedWorld
    private var oracle: LeaderOracle
    private var blocks: [Digest: Block]
    private var judged: [Judged]

    init(world: SimulatedWorld) {
        self.world = world
        oracle = LeaderOracle(world: world)
        let genesis = world.committee.genesis
        blocks = [genesis.id: genesis]
        judged = Array(repeating: Judged(lockedView: genesis.view), count: world.count)
    }

    /// A replica wrote a block down.
    mutating func saw(_ block: Block, at replica: ReplicaID) {
        if blocks[block.id] == nil { blocks[block.id] = block }
        judged[replica.index].blocks.insert(block.id)
    }

    /// A replica found a block in its journal, which must be the one that it wrote.
    mutating func found(_ block: Block, at replica: ReplicaID) -> Violation? {
        let known = blocks[block.id]
        saw(block, at: replica)
        guard let known, known.payload != block.payload else { return nil }
        return Violation(.recovery, "replica \(replica) believes a block \(block.id.short) that its disk has spoiled")
    }

    /// A replica started again with what was in its journal, which may be older than what it decided last.
    mutating func restarted(_ replica: ReplicaID, with record: SafetyRecord) {
        judged[replica.index].vote = record.lastVote
        judged[replica.index].timeout = record.lastTimeout
        judged[replica.index].proposal = record.lastProposal
        judged[replica.index].lockedView = record.lockedView
        judged[replica.index].forgotten = record.forgottenThrough
        (judged[replica.index].informants, judged[replica.index].recalled) = ([], nil)
        judged[replica.index].entries = []
    }

    /// Judges what is new in a replica's record after an event, and whether it may say anything.
    mutating func judge(_ step: Step, states: ExecutionCheck) -> Violation? {
        let standing = step.standing
        let record = standing.record
        let index = standing.replica.index
        if case .received(.echo(let echo), let sender) = step.event { hear(echo.content, from: sender, at: index) }
        if world.isTwoChain { noteEntries(step) }
        if let forgotten = judged[index].forgotten, forgotten != .unknown,
            standing.highestCertifiedView >= forgotten
        {
            judged[index].forgotten = nil
        }
        let before = judged[index]
        if let forgotten = before.forgotten, step.effects.contains(where: \.isStatement) {
            return Violation(
                .rule,
                "replica \(index) says what it signed although it may have forgotten some of it up to view \(forgotten) (A1)"
            )
        }
        if record.lastVote == before.vote, record.lastTimeout == before.timeout,
            record.lastProposal == before.proposal
        {
            judged[index].lockedView = max(before.lockedView, record.lockedView)
            return nil
        }
        if let forgotten = before.forgotten {
            return Violation(
                .rule,
                "replica \(index) signs although it may have forgotten what it signed up to view \(forgotten) (A1)"
            )
        }
        judged[index].vote = record.lastVote
        judged[index].timeout = record.lastTimeout
        judged[index].proposal = record.lastProposal
        judged[index].lockedView = max(before.lockedView, record.lockedView)
        if let vote = record.lastVote, vote != before.vote {
            if let fault = fault(of: vote, before: before, standing: standing, states: states) {
                return Violation(.rule, "replica \(index) voted in view \(vote.view): \(fault)")
            }
        }
        if let timeout = record.lastTimeout, timeout != before.timeout {
            if timeout.highestCertifiedView < before.lockedView {
                return Violation(
                    .rule,
                    "replica \(index) gave up view \(timeout.view) naming a view below its lock (T1)"
                )
            }
            if timeout.highestCertifiedView != standing.highestCertifiedView {
                return Violation(
                    .rule,
                    "replica \(index) gave up view \(timeout.view) hiding its highest certificate (T1)"
                )
            }
        }
        if let proposal = record.lastProposal, proposal != before.proposal {
            if let header = blocks[proposal.block]?.header, !leads(header) || header.proposer != standing.replica {
                return Violation(
                    .rule,
                    "replica \(index) proposed in view \(proposal.view), which it does not lead (P1)"
                )
            }
        }
        return nil
    }

    /// A replica is told what it has signed.
    ///
    /// If it does not know how much it has forgotten, a quorum with itself tells.
    private mutating func hear(_ echo: Echo, from sender: ReplicaID, at index: Int) {
        let replica = world.replicas[index]
        let vote = echo.vote.flatMap { $0.voter == replica ? $0.statement.view : nil }
        let timeout = echo.timeout.flatMap { $0.sender == replica ? $0.statement.view : nil }
        judged[index].informants.formUnion([replica, sender])
        judged[index].recalled = [judged[index].recalled, vote, timeout].compactMap { $0 }.max()
        guard judged[index].forgotten == .unknown, world.isQuorum(Array(judged[index].informants)) else { return }
        judged[index].forgotten = judged[index].recalled ?? world.committee.genesis.view
    }

    /// Takes note of the timeout certificates that come with blocks: only they explain views between a block and its certificate.
    private mutating func noteEntries(_ step: Step) {
        let standing = step.standing
        let index = standing.replica.index
        judged[index].entries.removeAll { $0.certificate.view.rawValue + 1 < standing.view.rawValue }
        if case .received(.proposal(let proposal), _) = step.event,
            let certificate = proposal.content.timeoutCertificate
        {
            judged[index].entries.append(Entry(block: proposal.content.block.id, certificate: certificate))
        }
        if let own = standing.record.lastProposal, own != judged[index].proposal,
            let certificate = standing.certificates.timeout
        {
            judged[index].entries.append(Entry(block: own.block, certificate: certificate))
        }
    }

    /// V4, two-chain: whether the views between a block and its certificate are accounted for.
    private func isExplained(_ vote: VoteStatement, on justify: VoteStatement, by entries: [Entry]) -> Bool {
        vote.view.rawValue == justify.view.rawValue + 1
            || entries.contains { entry in
                entry.block == vote.block && vote.view.rawValue == entry.certificate.view.rawValue + 1
                    && entry.certificate.certifiedViews.allSatisfy { $0 <= justify.view }
            }
    }

    private mutating func fault(
        of vote: VoteStatement,
        before: Judged,
        standing: Standing,
        states: ExecutionCheck
    ) -> String? {
        guard judged[standing.replica.index].blocks.contains(vote.block), let block = blocks[vote.block] else {
            return "the block is not in its journal"
        }
        let header = block.header
        guard let parent = blocks[header.parent] else { return "the parent is unknown" }
        let justify = block.justify.statement
        // V1
        if header.chain != world.committee.chain || vote.chain != header.chain { return "another chain (V1)" }
        if header.epoch != world.committee.epoch || vote.epoch != header.epoch { return "another epoch (V1)" }
        if vote.view != header.view || vote.height != header.height { return "the vote does not fit its block (V1)" }
        if standing.view != vote.view { return "its current view is \(standing.view) (V1)" }
        if !leads(header) { return "the proposer does not lead (V1)" }
        // V3
        if header.parent != justify.block { return "the parent is not what is certified (V3)" }
        if !header.height.follows(justify.height) || !header.height.follows(parent.height) {
            return "a wrong height (V3)"
        }
        if justify.view >= header.view || justify.view != header.justifyView { return "a wrong justify view (V3)" }
        if vote.parentView != parent.view { return "a wrong parent view (V3)" }
        // V4, L1
        if justify.view < before.lockedView {
            return "justified in \(justify.view), locked on \(before.lockedView) (V4)"
        }
        if world.isTwoChain, !isExplained(vote, on: justify, by: before.entries) {
            return "justified in \(justify.view), and no timeout certificate shows that this was the highest (V4)"
        }
        let locked = world.isTwoChain ? justify.view : justify.parentView
        if standing.record.lockedView < locked { return "it did not lock view \(locked) (L1)" }
        // V5
        if header.payloadDigest != block.payload.digest { return "the commands are not the header's (V5)" }
        if header.time < parent.header.time { return "the time goes back (V5)" }
        if header.time.rawValue > standing.wall.rawValue + world.parameters.maximumClockDriftMilliseconds {
            return "the time is far ahead (V5)"
        }
        guard states.digest(at: header.executed.height) == header.executed.digest else {
            return "a wrong claim of execution (V5)"
        }
        if header.executed.height < parent.header.executed.height { return "a claim that goes back (V5)" }
        if header.executed.height > states.height(of: standing.replica) {
            return "a claim that it cannot judge yet (V5)"
        }
        if !block.payload.isEmpty {
            let final = finalHeight(below: block)
            if final.rawValue > header.executed.height.rawValue + world.parameters.maximumExecutionLag {
                return "commands although execution lags (V5)"
            }
        }
        if header.nextValidatorSet != .zero { return "a validator set that no application computed (V5)" }
        // C1, C2
        if vote.commits != commits(of: block, on: parent) { return "`commits` is not what C1 or C2 says" }
        return nil
    }

    /// Whether the proposer of a header leads its view; yes if the chain below is not known here.
    private mutating func leads(_ header: BlockHeader) -> Bool {
        let blocks = blocks
        return oracle.admits(header) { blocks[$0]?.header } ?? true
    }

    /// The height that is final by the certificates on the chain up to a block's own.
    private func finalHeight(below block: Block) -> Height {
        var block = block
        while true {
            if let final = block.justify.statement.commits.flatMap({ blocks[$0] }) { return final.height }
            guard let parent = blocks[block.header.parent] else { return .genesis }
            block = parent
        }
    }

    private func commits(of block: Block, on parent: Block) -> Digest? {
        if world.isTwoChain { return block.view.rawValue == parent.view.rawValue + 1 ? parent.id : nil }
        guard block.view.rawValue == parent.view.rawValue + 1, let grandparent = blocks[parent.header.parent],
            parent.id != world.committee.genesis.id, parent.view.rawValue == grandparent.view.rawValue + 1
        else { return nil }
        return grandparent.id
    }
}

extension Effect {
    /// Whether a signed statement leaves.
    fileprivate var isStatement: Bool {
        if case .send = self { true } else { false }
    }
}
