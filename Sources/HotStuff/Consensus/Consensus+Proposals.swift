// Proposing and voting.
extension Consensus {
    /// Takes in a proposal: first its certificates, which may move us to its view, then its block.
    mutating func onProposal(
        _ proposal: Verified<Proposal>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        let block = proposal.content.block
        // Nil: nobody can say so before the parent is here.
        let isAdmitted = admits(block.header)
        guard isAdmitted != false || mutant("any-leader") else {
            if leaders.wantsWork {
                effects.append(.ignoredProof(of: block.header.proposer, in: block.view))
            }
            return
        }
        observe(proposal.block.justify, into: &effects)
        if let timeout = proposal.timeoutCertificate { observe(timeout, into: &effects) }
        // A leader that is views behind has missed certificates; one view behind, its proposal was just slow.
        if certificates.view > block.view { tell(sender, into: &effects) }
        guard isAdmitted != nil || block.view == view, note(proposal.content, into: &effects),
            block.height > tree.root.height
        else { return }
        // What comes, or becomes whole, after the view was given up does not count as seen.
        if isAdmitted != nil, rules.record.lastTimedOutView < block.view { pool.markProposed(block.payload.commands) }
        if isAdmitted != nil, tree.contains(block.header.parent) {
            tree.insert(block, isJournaled: false, protecting: protected)
        }
        if block.view == view || mutant("any-view") {
            let isAdmitted = isAdmitted != nil
            park(ParkedBlock(block: proposal.block, timeout: proposal.timeoutCertificate, isAdmitted: isAdmitted))
        }
    }

    /// Keeps a block of the current view until it can be judged; one whose proposer leads finds room.
    private mutating func park(_ proposed: ParkedBlock) {
        let block = proposed.block.content
        parked.removeAll { $0.block.content.view != block.view || $0.block.content.id == block.id }
        if parked.count >= Consensus.parkedCapacity {
            guard proposed.isAdmitted else { return }
            parked.removeLast()
        }
        parked.append(proposed)
    }

    /// Remembers the first proposal of a view by its proposer, and reports a second one that differs, once for a view and proposer.
    ///
    /// - Returns: whether this is the proposer's first proposal of the view, or that one again.
    private mutating func note(_ proposal: Proposal, into effects: inout [Effect]) -> Bool {
        switch seenProposals.note(proposal) {
        case .first: return true
        case .second(let evidence):
            if let evidence { effects.append(.report(evidence)) }
            return mutant("vote-twice")
        }
    }

    /// Has clients' commands made known again that were proposed in a view that failed: they may have reached nobody else.
    mutating func relayAgain(proposedIn failed: View) {
        if mutant("lose-relayed-commands") { return }
        for proposal in seenProposals.proposals(of: failed) {
            pool.markUnproposed(proposal.block.payload.commands, at: now)
        }
    }

    /// Votes for a parked proposal as soon as its parent is here and its claims can be judged.
    mutating func judgeParked(into effects: inout [Effect]) {
        guard !parked.isEmpty else { return }
        let waiting = parked
        parked = []
        for proposed in waiting {
            let block = proposed.block.content
            guard block.view == view || mutant("any-view"), block.height > tree.root.height else { continue }
            guard tree.contains(block.header.parent) else {
                parked.append(proposed)
                continue
            }
            guard admits(block.header) == true || mutant("any-leader") else {
                if leaders.wantsWork {
                    effects.append(.ignoredProof(of: block.header.proposer, in: block.view))
                }
                continue
            }
            tree.insert(block, isJournaled: false, protecting: protected)
            // Only now it is known to be a leader's; one of a view that was given up does not count as seen.
            if !proposed.isAdmitted, rules.record.lastTimedOutView < block.view {
                pool.markProposed(block.payload.commands)
            }
            let admitted = ParkedBlock(block: proposed.block, timeout: proposed.timeout, isAdmitted: true)
            if !vote(for: admitted, into: &effects) { park(admitted) }
        }
    }

    /// Votes for a block if everything speaks for it.
    ///
    /// - Returns: whether it has been judged; if not, execution here is not far enough to judge it yet.
    private mutating func vote(for proposed: ParkedBlock, into effects: inout [Effect]) -> Bool {
        let block = proposed.block
        guard let ancestry = tree.ancestry(of: block.content.header.parent) else { return false }
        switch judge(block.content, on: ancestry) {
        case .later: return false
        case .refused: return true
        case .accepted: break
        }
        let before = rules.record
        let decided = try? rules.vote(
            for: block,
            after: proposed.timeout,
            on: ancestry,
            nextValidatorSet: .zero
        )
        guard let statement = decided, rules.record != before else { return true }
        keep(.vote(statement), block: mutant("vote-without-block") ? nil : block.content, into: &effects)
        return true
    }

    private enum Judgement {
        case accepted
        case refused
        case later
    }

    /// Judges what a header claims about time and execution (V5).
    private func judge(_ block: Block, on ancestry: Ancestry) -> Judgement {
        let header = block.header
        let parent = ancestry.tip.header
        let latest = wall.rawValue.addingReportingOverflow(parameters.maximumClockDriftMilliseconds)
        guard
            header.time >= parent.time && (latest.overflow || header.time.rawValue <= latest.partialValue)
                || mutant("accept-any-time")
        else { return .refused }
        guard header.executed.height >= parent.executed.height || mutant("claim-goes-back"),
            header.executed.height <= tree.root.height
        else { return .refused }
        let final = tree.finalHeight(below: block)
        if !block.payload.isEmpty, final > header.executed.height,
            final.rawValue - header.executed.height.rawValue > parameters.maximumExecutionLag,
            !mutant("order-while-lagging")
        {
            return .refused
        }
        switch executionHistory.answer(at: header.executed.height) {
        case .notYet: return mutant("vote-before-execution") ? .accepted : .later
        case .forgotten:
            // Who started from a snapshot does not know what was before; but a quorum has judged what the parent says.
            return header.executed == parent.executed ? .accepted : .refused
        case .digest(let digest):
            return digest == header.executed.digest || mutant("accept-misexecution") ? .accepted : .refused
        }
    }

    /// Proposes once in a view that is ours, when there is something to order or to bring to an end.
    mutating func proposeIfLeading(into effects: inout [Effect]) {
        guard leader == replica, mayPropose(in: view) else { return }
        propose(into: &effects)
    }

    /// Whether nothing that was signed before forbids a proposal in a view.
    func mayPropose(in view: View) -> Bool {
        let record = rules.record
        if record.forgottenThrough != nil, !mutant("sign-after-amnesia") { return false }
        if record.lastTimedOutView >= view { return false }
        if record.lastVotedView >= view, !mutant("forget-proposal-on-restart") { return false }
        if let last = record.lastProposal, last.view >= view { return false }
        return true
    }

    /// Proposes in the current view, which is ours, or for which we have a proof.
    mutating func propose(showing work: Work = .none, into effects: inout [Effect]) {
        guard let ancestry = tree.ancestry(of: certificates.quorum.block) else { return }
        let final = tree.finalHeight(with: certificates.quorum)
        let executed = claim(upTo: final, on: ancestry.tip.header)
        let commands = commandsToOrder(on: ancestry, final: final, executed: executed.height)
        guard !commands.isEmpty || ancestry.hasCommands || !isSettled || isPleadedFor || isHeartbeatDue
        else { return }
        let parent = ancestry.tip
        guard let height = parent.height.next else { return }
        let payload = Payload(commands)
        let header = BlockHeader(
            chain: committee.chain,
            epoch: committee.epoch,
            view: view,
            height: height,
            parent: parent.id,
            justifyView: certificates.quorum.view,
            proposer: replica,
            payloadDigest: payload.digest,
            executed: executed,
            time: max(wall, parent.header.time),
            work: work
        )
        let block = Block(header: header, payload: payload, justify: certificates.quorum)
        guard let checked = Verified<Block>(own: block, justify: rules.certificates.quorum, rules: blockRules),
            (try? rules.propose(checked, on: ancestry)) != nil
        else { return }
        tree.insert(block, isJournaled: false, protecting: protected)
        pool.markProposed(commands)
        freshProposalView = view
        let entry = rules.certificates.timeout
        keep(.proposal(block, entry?.content), block: block, into: &effects)
        let proposed = ParkedBlock(block: checked, timeout: entry, isAdmitted: true)
        if !vote(for: proposed, into: &effects) { park(proposed) }
    }

    /// What a block may say of execution: no more than its own chain shows to be final, for the voters may know no more.
    private func claim(upTo final: Height, on parent: BlockHeader) -> ExecutedState {
        let height = min(final, executionHistory.last.height)
        guard height > parent.executed.height, case .digest(let digest) = executionHistory.answer(at: height)
        else { return parent.executed }
        return ExecutedState(height: height, digest: digest)
    }

    /// The commands that a block on top of an ancestry should hold: none while an epoch ends or execution lags.
    private func commandsToOrder(on ancestry: Ancestry, final: Height, executed: Height) -> [Command] {
        guard ancestry.pendingEpochEnd == nil,
            final < executed || final.rawValue - executed.rawValue <= parameters.maximumExecutionLag
                || mutant("order-while-lagging")
        else { return [] }
        guard !pool.isEmpty else { return [] }
        var ordered = KeyPages()
        ordered.reserveCapacity(ancestry.pending.reduce(0) { $0 + $1.payload.commands.count })
        for block in ancestry.pending {
            for command in block.payload.commands { ordered[command.key] = 1 }
        }
        return pool.batch(
            maximumCount: Int(parameters.maximumCommandsPerBlock),
            maximumBytes: Int(parameters.maximumPayloadBytes),
            excluding: ordered
        )
    }

    /// The blocks that must not make room for others.
    var protected: [Digest] {
        [certificates.quorum.block, rules.record.lastVote?.block, rules.record.lastProposal?.block].compactMap { $0 }
    }
}
