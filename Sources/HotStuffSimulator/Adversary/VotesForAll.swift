internal import HotStuff

/// Votes for every block that it hears of, and says whatever others say: it forgets its lock, its vote and its timeouts.
struct VotesForAll: Strategy {
    private var said: [Digest] = []

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        switch message {
        case .proposal(let proposal): say(liar.statement(for: proposal.block), as: &liar, answers: &answers)
        case .vote(let vote): say(vote.statement, as: &liar, answers: &answers)
        case .blockResponse(let response):
            if let block = response.blocks.last { say(liar.statement(for: block), as: &liar, answers: &answers) }
        case .briefProposal, .timeout, .certificates, .commands, .blockRequest, .rangeRequest, .blockRange,
            .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            break
        }
    }

    private mutating func say(_ statement: VoteStatement, as liar: inout Liar, answers: inout [Letter]) {
        let digest = statement.digest
        guard !said.contains(digest) else { return }
        said.append(digest)
        if said.count > 32 { said.removeFirst(16) }
        liar.acts += 1
        answers += liar.toAll(liar.vote(statement))
    }
}
