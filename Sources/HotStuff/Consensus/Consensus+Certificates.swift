// Votes, timeouts, and the certificates that they make: what moves views and makes blocks final.
extension Consensus {
    mutating func onVote(_ vote: Verified<Vote>, into effects: inout [Effect]) {
        let outcome = votes.add(vote)
        if let evidence = outcome.evidence { effects.append(.report(evidence)) }
        guard let certificate = outcome.certificate else { return }
        if parameters.voteRouting == .nextLeader { untoldCertificate = certificate.content }
        observe(certificate, into: &effects)
    }

    /// Counts a timeout, after its certificates have had their effect; joins when more than f have given up.
    mutating func onTimeout(_ timeout: Verified<Timeout>, into effects: inout [Effect]) {
        let sender = timeout.content.sender
        observe(timeout.certificates, into: &effects)
        if timeout.content.certificates.view < certificates.view { tell(sender, into: &effects) }
        if let certificate = timeouts.add(timeout) { observe(certificate, into: &effects) }
        if let failing = timeouts.failingView, failing >= view, failing > rules.record.lastTimedOutView,
            !mutant("no-join")
        {
            giveUp(failing, into: &effects)
        }
    }

    mutating func onCertificates(
        _ pair: Verified<CertificatePair>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        observe(pair, into: &effects)
        // Of one view, those who gave it up may still ask for its certificate.
        let (theirs, ours) = (pair.content, certificates)
        if theirs.view < ours.view || theirs.view == ours.view && theirs.quorum.view < ours.quorum.view {
            tell(sender, into: &effects)
        }
    }

    /// Tells a replica that lags where we stand: at once, but not again before some time while nothing changed.
    mutating func tell(_ peer: ReplicaID, into effects: inout [Effect]) {
        guard peer != replica, !isListener, let answer = lastAnswer(to: peer), !mutant("no-entry-answer")
        else { return }
        guard certificates.view > answer.view || now >= answer.notBefore || mutant("answer-without-limit") else {
            return
        }
        let next = CertificateAnswer(
            view: certificates.view,
            notBefore: now.advanced(byMicroseconds: pace.patienceMicroseconds)
        )
        if !audience.note(peer, told: next) { answers[peer.index] = next }
        effects.append(.say(.certificates(certificates), to: .replica(peer)))
    }

    /// What a replica was told last; nothing if there is no such replica.
    private func lastAnswer(to peer: ReplicaID) -> CertificateAnswer? {
        peer.index < answers.count ? answers[peer.index] : audience.lastAnswer(to: peer)
    }

    private mutating func observe(_ pair: Verified<CertificatePair>, into effects: inout [Effect]) {
        observe(pair.quorum, into: &effects)
        if let timeout = pair.timeout { observe(timeout, into: &effects) }
    }

    /// Takes note of a quorum certificate: it may lock, end the view, certify a claim and make a block final.
    mutating func observe(_ certificate: Verified<QuorumCertificate>, into effects: inout [Effect]) {
        let before = view
        if certificate.content.signatures.contains(replica) {
            learn(ofOwnVote: certificate.content.view, timeout: nil, into: &effects)
        }
        rules.observe(certificate)
        recentCertificates.note(certificate)
        if let block = tree.block(certificate.content.block) { check(block.header.executed, into: &effects) }
        finalise(certificate, into: &effects)
        if view > before { enter(after: .certificate, into: &effects) }
    }

    /// Takes note of a timeout certificate: it may end the view.
    mutating func observe(_ certificate: Verified<TimeoutCertificate>, into effects: inout [Effect]) {
        observe(certificate.highest, into: &effects)
        let before = view
        if certificate.content.signatures.contains(replica) {
            learn(ofOwnVote: nil, timeout: certificate.content.view, into: &effects)
        }
        rules.observe(certificate)
        if view > before { enter(after: expiredView < certificates.view ? .join : .timeout, into: &effects) }
    }

    private mutating func enter(after end: ViewEnd, into effects: inout [Effect]) {
        let ended = certificates.view
        // Of a certified view the block tells who led it; of one that was given up what was expected.
        let proposer = tree.block(certificates.quorum.block)?.header.proposer
        pacemaker.enterView(
            after: end,
            ledBy: end == .certificate ? proposer : turn.flatMap { $0.view == ended ? $0.leader : nil },
            wasHopeless: end != .certificate && wasHopeless(ended),
            now: now
        )
        enteredAt = now
        if end != .certificate { relayAgain(proposedIn: ended) }
        takeTurn()
        effects.append(.enter(view, leader: leader, after: end))
    }

    /// Remembers the highest certificate that makes a block final, and stops at one that contradicts the chain.
    private mutating func finalise(_ certificate: Verified<QuorumCertificate>, into effects: inout [Effect]) {
        let statement = certificate.content.statement
        guard let finalised = statement.commits, !committedHistory.contains(finalised) else { return }
        let depth = parameters.commitRule.depth - (mutant("commit-two-chain") ? 1 : 0)
        if statement.height.rawValue >= depth, !tree.contains(finalised) {
            let height = Height(statement.height.rawValue - depth)
            if let committed = committedHistory.block(at: height), !mutant("ignore-contradiction") {
                halt(
                    .contradiction(certificate: certificate.content, committed: committed, height: height),
                    into: &effects
                )
                return
            }
        }
        guard statement.height > tree.root.height else { return }
        if statement.view > openFinality?.content.view ?? .genesis {
            openFinality = certificate
            carryOutFinality(into: &effects)
        } else if tree.contains(finalised) {
            // Who catches up commits on the way: what is final in the end may be more blocks ahead than memory may hold.
            commit(to: finalised, by: certificate.content, into: &effects)
        }
    }

    /// Commits the block that the open certificate makes final, with its ancestors, once they are here.
    mutating func carryOutFinality(into effects: inout [Effect]) {
        guard !isHalted, let certificate = openFinality?.content, let finalised = certificate.statement.commits,
            tree.contains(finalised)
        else { return }
        openFinality = nil
        commit(to: finalised, by: certificate, into: &effects)
    }

    private mutating func commit(to finalised: Digest, by certificate: QuorumCertificate, into effects: inout [Effect])
    {
        journal(upTo: finalised, into: &effects)
        let path = tree.commit(to: finalised)
        guard !path.isEmpty else { return }
        carryOut(commitsOf: path, by: certificate, into: &effects)
    }

    /// Takes note that blocks which follow on the last final one are final too, and has them written down and executed.
    mutating func carryOut(commitsOf path: [Block], by certificate: QuorumCertificate, into effects: inout [Effect]) {
        for block in path {
            tree.rootHistory = tree.rootHistory.map { leaders.history($0, with: block.header) }
            committedHistory.append(block.id)
            append(.commit(height: block.height, block: block.id), into: &effects)
            effects.append(.commit(block, by: certificate, at: position))
            pool.commit(block.payload.commands)
            check(block.header.executed, into: &effects)
        }
        if !mutant("timer-never-falls") { pacemaker.committed() }
    }

    /// Whether anything may follow at once from the report that a block was executed, beside that more is known for the next step: a claim is to be
    /// compared, a proposal waits to be judged or to be made, or execution lags behind so far that nothing may be ordered or fetched soon.
    public var awaitsExecution: Bool {
        if mutant("execution-has-time") { return false }
        if !openClaims.isEmpty || !parked.isEmpty || !briefs.isEmpty { return true }
        let executed = executionHistory.last.height
        guard tree.root.height > executed else { return false }
        let lag = tree.root.height.rawValue - executed.rawValue
        // Where nobody leads before he has solved a puzzle, anybody may propose.
        return lag > parameters.maximumExecutionLag / 2 || (leader ?? replica) == replica && mayPropose(in: view)
    }

    mutating func onExecuted(_ state: ExecutedState, into effects: inout [Effect]) {
        guard state.height.follows(executionHistory.last.height) else { return }
        executionHistory.append(state)
        let claims = openClaims.filter { $0.height <= state.height }
        openClaims.removeAll { $0.height <= state.height }
        for claim in claims { check(claim, into: &effects) }
    }

    /// Compares what a quorum certified of an execution with our own; stops if we differ from the quorum.
    private mutating func check(_ claim: ExecutedState, into effects: inout [Effect]) {
        switch executionHistory.answer(at: claim.height) {
        case .digest(let ours) where ours != claim.digest && !mutant("ignore-divergence"):
            halt(.divergence(certified: claim, ours: ours), into: &effects)
        case .notYet:
            // The digest is a running one: a later claim that agrees proves all earlier ones, so a few are enough.
            if openClaims.count < Consensus.openClaimCapacity, !openClaims.contains(claim) { openClaims.append(claim) }
        case .digest, .forgotten: break
        }
    }

    mutating func halt(_ reason: HaltReason, into effects: inout [Effect]) {
        guard !isHalted else { return }
        isHalted = true
        effects.append(.halt(reason))
    }
}
