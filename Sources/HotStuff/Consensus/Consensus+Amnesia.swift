// What a replica does that cannot trust its own memory (A1), and what the others do for it.
extension Consensus {
    /// How many views the others go on at most because one asks for it, whatever it asks.
    public static let longestPlea: UInt64 = 1_024

    /// Tells at the start that something is forgotten, which the journal knows.
    mutating func beginAfterAmnesia(into effects: inout [Effect]) {
        guard let forgotten = rules.record.forgottenThrough else { return }
        effects.append(.amnesia(through: forgotten == .unknown ? nil : forgotten))
        if forgotten == .unknown { recollectIfEnoughSpoke(into: &effects) }
    }

    private mutating func forget(through view: View, into effects: inout [Effect]) {
        rules.forget(through: view)
        journalCertificates(into: &effects)
        append(.safety(rules.record), into: &effects)
        effects.append(.amnesia(through: view))
    }

    /// Learns of a view in which this replica signed something.
    ///
    /// If its memory does not reach so far, it was started from old data; if it has signed since, another signs with its key.
    mutating func learn(ofOwnVote vote: View?, timeout: View?, into effects: inout [Effect]) {
        guard !sharesKey, !isHalted else { return }
        let known = rules.record
        let vote = vote.flatMap { $0 > known.lastVotedView ? $0 : nil }
        let timeout = timeout.flatMap { $0 > known.lastTimedOutView ? $0 : nil }
        guard let view = [vote, timeout].compactMap({ $0 }).max() else { return }
        if known.forgottenThrough == .unknown {
            recollectedView = max(recollectedView, view)
        } else if hasSigned {
            halt(.sharedKey(view), into: &effects)
        } else {
            forget(through: view, into: &effects)
        }
    }

    /// Takes in what another holds of our own statements.
    mutating func onEcho(_ echo: Verified<Echo>, from sender: ReplicaID, into effects: inout [Effect]) {
        let vote = echo.content.vote.flatMap { $0.voter == replica ? $0.statement.view : nil }
        let timeout = echo.content.timeout.flatMap { $0.sender == replica ? $0.statement.view : nil }
        learn(ofOwnVote: vote, timeout: timeout, into: &effects)
        guard rules.record.forgottenThrough == .unknown else { return }
        haveSpoken[sender.index] = true
        recollectIfEnoughSpoke(into: &effects)
    }

    /// When a quorum with this replica has said what it holds, as much is forgotten as was shown.
    ///
    /// What only the silent ones hold may be contradicted: for the others this is one of the faulty replicas, which are few.
    private mutating func recollectIfEnoughSpoke(into effects: inout [Effect]) {
        let spoke = committee.validators.replicas.filter { haveSpoken[$0.index] || $0 == replica }
        guard committee.validators.power(of: spoke) >= committee.validators.quorum else { return }
        forget(through: recollectedView, into: &effects)
    }

    /// Tells one who asks what is held of it, and goes on for it up to a view.
    mutating func onPlea(_ view: View, from sender: ReplicaID, into effects: inout [Effect]) {
        if !mutant("never-echo") { effects.append(.say(.echo(echo(for: sender)), to: .replica(sender))) }
        let (most, overflow) = self.view.rawValue.addingReportingOverflow(Consensus.longestPlea)
        if !mutant("ignore-pleas") { pleadedView = max(pleadedView, min(view, overflow ? view : View(most))) }
    }

    /// What is held of a replica's own statements.
    func echo(for peer: ReplicaID) -> Echo {
        guard committee.validators.contains(peer) else { return Echo(vote: nil, timeout: nil) }
        var vote = votes.last(of: peer)
        // Where votes go to the next leader, all others have only what its certificate shows.
        let quorum = certificates.quorum
        if quorum.view > vote?.statement.view ?? committee.genesis.view,
            let shown = zip(quorum.signatures.signers, quorum.signatures.signatures).first(where: { $0.0 == peer })
        {
            vote = Vote(statement: quorum.statement, voter: peer, signature: shown.1)
        }
        return Echo(vote: vote, timeout: timeouts.last(of: peer))
    }

    /// Whether views go on for one who may not sign before.
    var isPleadedFor: Bool { rules.certificates.content.quorum.view < pleadedView }

    /// Asks the others, from time to time, for what is missing: echoes, or a certificate that is high enough.
    mutating func plead(into effects: inout [Effect]) {
        guard let forgotten = rules.record.forgottenThrough else {
            nextPlea = nil
            return
        }
        guard now >= nextPlea ?? now else { return }
        nextPlea = now.advanced(byMicroseconds: pace.patienceMicroseconds)
        effects.append(.say(.plea(forgotten == .unknown ? .genesis : forgotten), to: .everyone))
    }
}
