internal import HotStuff

/// Leads in views that others lead, and speaks in the name of others.
struct Usurpation: Strategy {
    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        guard liar.random.chance(oneIn: 10) else { return }
        switch message {
        case .proposal(let proposal):
            liar.acts += 1
            let mine = liar.changed(proposal.block) { $0.proposer = liar.pen.replica }
            let isMine = liar.random.chance(oneIn: 2)
            // In its own name, or in that of the true leader; the signature is its own.
            answers += liar.toSome(liar.proposal(isMine ? mine : proposal.block, after: proposal.timeoutCertificate))
        case .vote(let vote):
            liar.acts += 1
            let signature = liar.pen.sign(vote.statement.digest)
            answers += liar.toSome(
                liar.random.chance(oneIn: 2)
                    ? .vote(Vote(statement: vote.statement, voter: liar.pen.replica, signature: vote.signature))
                    : .vote(Vote(statement: vote.statement, voter: sender, signature: signature))
            )
        case .timeout:
            liar.acts += 1
            answers += liar.toSome(message)
        case .briefProposal, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange,
            .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            break
        }
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 4),
            let block = liar.block(in: liar.view, on: liar.certificates.quorum)
        else { return }
        liar.acts += 1
        letters += liar.toSome(liar.proposal(block, after: liar.certificates.timeout))
    }
}
