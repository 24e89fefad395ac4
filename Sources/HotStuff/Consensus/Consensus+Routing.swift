// To whom votes and certificates go, where the leader of the next view collects the votes.
extension Consensus {
    /// Sends a statement of our own to those whom it concerns.
    ///
    /// A proposal goes without its certificate to those who have collected the votes: that is to all validators, if the votes went to everyone and
    /// are of the view before. Not after a restart, for then they may be long gone.
    func send(_ statement: Released, into effects: inout [Effect]) {
        if parameters.voteRouting == .everyone, statement.view == freshProposalView, let brief = statement.brief {
            effects.append(.send(brief, to: .validators))
            if !listeners.isEmpty { effects.append(.send(statement, to: .listeners)) }
            return
        }
        guard case .vote(let vote) = statement.message, let collector = collector(of: vote.statement) else {
            effects.append(.send(statement, to: .everyone))
            return
        }
        // Our own vote counts here as it is.
        if collector != replica { effects.append(.send(statement, to: .replica(collector))) }
    }

    /// Who alone collects the votes of a statement: the leader of the view after, by the chain that ends with the block that is voted for.
    ///
    /// Nil if that is everyone, or if the leader is not known.
    func collector(of statement: VoteStatement) -> ReplicaID? {
        guard parameters.voteRouting == .nextLeader, let next = statement.view.next else { return nil }
        let view = mutant("vote-to-the-wrong-leader") ? statement.view : next
        return leaders.leader(of: view, after: history(upTo: statement.block))
    }

    /// Who collects the votes of the current view, if this replica has voted in it and one alone does.
    var awaitedCollector: ReplicaID? {
        guard parameters.voteRouting == .nextLeader, let vote = rules.record.lastVote, vote.view == view else {
            return nil
        }
        return collector(of: vote)
    }

    /// Shows everybody the certificate that was made here and that no proposal of ours shows: nobody else has the votes.
    ///
    /// Without it the others would give up a view that was certified, or rest one view below.
    mutating func tellCertificate(into effects: inout [Effect]) {
        guard let certificate = untoldCertificate else { return }
        untoldCertificate = nil
        guard !isHalted, certificates.quorum == certificate, !isListener, !mutant("rest-without-telling") else {
            return
        }
        if let own = rules.record.lastProposal, tree.block(own.block)?.header.parent == certificate.block { return }
        effects.append(.say(.certificates(certificates), to: .everyone))
        if !listeners.isEmpty { effects.append(.say(.certificates(certificates), to: .listeners)) }
    }
}
