internal import HotStuff

/// Shows its block to just as many as its certificate needs besides the liars, and never serves it to the others.
///
/// They hear of a certificate for a block that they lack, and only some of those whom they may ask have it.
struct WithheldBlocks: Strategy {
    private var secrets: [Digest] = []
    private var audience: [ReplicaID] = []

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if let proposal = letters.first?.proposal, !secrets.contains(proposal.block.id),
            proposal.block.header.proposer == liar.pen.replica
        {
            secrets.append(proposal.block.id)
            if secrets.count > 32 { secrets.removeFirst(16) }
            audience = enough(as: &liar)
        }
        let before = letters.count
        letters.removeAll { letter in
            if let proposal = letter.proposal {
                return secrets.contains(proposal.block.id) && !audience.contains(letter.receiver)
            }
            if case .blockResponse(let response) = letter.message {
                return response.blocks.contains { secrets.contains($0.id) }
            }
            return false
        }
        liar.acts += before - letters.count
    }

    /// Honest replicas that make a quorum with the liars, and no more.
    private func enough(as liar: inout Liar) -> [ReplicaID] {
        let liars = liar.world.replicas.filter { liar.coven.contains($0) }
        var candidates = liar.others.filter { !liar.coven.contains($0) }
        var chosen: [ReplicaID] = []
        while !candidates.isEmpty, !liar.world.isQuorum(liars + chosen) {
            chosen.append(candidates.remove(at: liar.random.below(candidates.count)))
        }
        return chosen
    }
}
