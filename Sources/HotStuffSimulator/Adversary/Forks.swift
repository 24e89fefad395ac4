internal import HotStuff

/// Leads on an older certificate than its highest, so that the last blocks of others fall off the chain.
struct Forks: Strategy {
    /// How far back it goes.
    enum Depth {
        /// To the parent of the block that the highest certificate is for.
        case parent
        /// To any certificate that it remembers, or to the genesis.
        case anywhere
    }

    let depth: Depth

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard let proposal = letters.first?.proposal, proposal.block.header.proposer == liar.pen.replica,
            proposal.block.view == liar.view, liar.random.chance(oneIn: 2),
            let justify = base(of: proposal.block, as: &liar),
            let fork = fork(proposal.block, on: justify, as: &liar)
        else { return }
        let isForAll = liar.random.chance(oneIn: 2)
        for index in letters.indices where isForAll || liar.random.chance(oneIn: 2) {
            letters[index].content = .message(fork)
            liar.acts += 1
        }
    }

    private func base(of block: Block, as liar: inout Liar) -> QuorumCertificate? {
        switch depth {
        case .parent: return liar.memory.block(block.justify.block)?.justify
        case .anywhere:
            let older = liar.memory.certificates.filter { $0.view < block.justify.view }
            return older.isEmpty || liar.random.chance(oneIn: 6)
                ? liar.world.committee.genesisCertificate : liar.random.pick(older.suffix(6))
        }
    }

    private func fork(_ block: Block, on justify: QuorumCertificate, as liar: inout Liar) -> Message? {
        let payload = liar.random.chance(oneIn: 2) ? block.payload : .empty
        if let fork = liar.fork(in: block.view, on: justify, payload: payload) { return fork }
        // Without a timeout certificate nobody believes it; sometimes it tries nevertheless.
        guard liar.random.chance(oneIn: 3), let fork = liar.block(in: block.view, on: justify, payload: payload)
        else { return nil }
        return liar.proposal(fork, after: liar.memory.timeouts.last)
    }
}
