// What this replica says: decided by the safety rules, written, signed, and only then released.
extension Consensus {
    /// Sends what was signed last once more, after a restart.
    ///
    /// After a loss not even that: the record may have survived without the block and the certificates that it rests on (A1).
    mutating func resume(into effects: inout [Effect]) {
        guard let recovered, !mutant("no-resend-after-restart") else { return }
        self.recovered = nil
        let record = rules.record
        guard rules.hasVote, record.forgottenThrough == nil || mutant("sign-after-amnesia") else { return }
        if let proposal = record.lastProposal, proposal.view == view, let block = tree.block(proposal.block) {
            sign(.proposal(block, recovered.proposalCertificate), into: &effects)
        }
        // A promise that was salvaged from a batch that rotted may stand without its block.
        if let vote = record.lastVote, vote.height <= tree.root.height || tree.block(vote.block) != nil {
            sign(.vote(vote), into: &effects)
        }
        if let timeout = record.lastTimeout, let certificates = recovered.timeoutCertificates,
            certificates.quorum.view == timeout.highestCertifiedView, certificates.view < timeout.view
        {
            sign(.timeout(timeout, certificates), into: &effects)
        }
    }

    /// Appends the safety record with everything that it rests on, then asks for the signature.
    mutating func keep(_ statement: OwnStatement, block: Block?, into effects: inout [Effect]) {
        if let block { journal(upTo: block.id, into: &effects) }
        journalCertificates(into: &effects)
        append(.safety(rules.record), into: &effects)
        hasSigned = true
        switch statement {
        case .timeout(_, let certificates): shownInTimeout = certificates
        case .proposal(_, let certificate): shownInProposal = certificate
        case .vote: break
        }
        sign(statement, into: &effects)
    }

    /// Appends the highest certificates, as far as the journal has not got them: a safety record with a lock above them would
    /// forbid every timeout after a restart (T1).
    mutating func journalCertificates(into effects: inout [Effect]) {
        if certificates.quorum.view > journaledQuorumView, !mutant("statement-without-certificates") {
            append(.quorumCertificate(certificates.quorum), into: &effects)
            journaledQuorumView = certificates.quorum.view
        }
        if let timeout = certificates.timeout, timeout.view > journaledTimeoutView,
            !mutant("statement-without-certificates")
        {
            append(.timeoutCertificate(timeout), into: &effects)
            journaledTimeoutView = timeout.view
        }
    }

    /// Appends a block to the journal, with the certificate that it carries, and before it the ancestors that are not
    /// there yet: a block without its parent could not be served after a restart.
    mutating func journal(upTo id: Digest, into effects: inout [Effect]) {
        for block in tree.unjournaled(upTo: id) {
            append(.block(block), into: &effects)
            tree.markJournaled(block.id)
            journaledQuorumView = max(journaledQuorumView, block.justify.view)
        }
    }

    /// Appends a record to the journal.
    mutating func append(_ record: JournalRecord, into effects: inout [Effect]) {
        guard let next = position.next else { preconditionFailure("the journal has no position after \(position)") }
        position = next
        effects.append(.append(record, at: position))
    }

    private mutating func sign(_ statement: OwnStatement, into effects: inout [Effect]) {
        effects.append(.sign(outbox.hold(statement, until: position)))
    }

    /// Sends what may leave, and counts our own statements like those of others, but not earlier.
    mutating func onReleased(_ released: [Released], into effects: inout [Effect]) {
        for statement in released {
            send(statement, into: &effects)
            if let vote = Verified<Vote>(own: statement, epoch: committee.epoch) {
                lastVote = statement
                onVote(vote, into: &effects)
            } else if let timeout = Verified<Timeout>(own: statement, epoch: committee.epoch) {
                lastTimeout = statement
                onTimeout(timeout, into: &effects)
            } else {
                lastProposal = statement
            }
        }
    }

    /// Gives up a view, or says once more that it was given up.
    mutating func giveUp(_ failed: View, into effects: inout [Effect]) {
        if failed <= rules.record.lastTimedOutView {
            guard let lastTimeout, !mutant("never-resend-timeout") else { return }
            effects.append(.gaveUp(lastTimeout.view))
            effects.append(.send(lastTimeout, to: .everyone))
            return
        }
        guard let statement = try? rules.timeOut(failed) else { return }
        relayAgain(proposedIn: failed)
        effects.append(.gaveUp(failed))
        keep(.timeout(statement, shownCertificates), block: nil, into: &effects)
    }

    /// The certificate of the view that a timeout names.
    private var namedCertificate: QuorumCertificate {
        if mutant("timeout-hides-certificate") { return committee.genesisCertificate }
        if parameters.commitRule == .twoChain, mutant("two-chain-timeout-names-parent"),
            let block = tree.block(certificates.quorum.block)
        {
            return block.justify
        }
        return certificates.quorum
    }

    /// What a timeout shows: the certificate that it names, and that by which its view was entered.
    private var shownCertificates: CertificatePair {
        CertificatePair(
            quorum: namedCertificate,
            timeout: mutant("timeout-forgets-entry") ? nil : certificates.timeout
        )
    }
}
