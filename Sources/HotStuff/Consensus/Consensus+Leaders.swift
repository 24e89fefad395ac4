// Who leads, as far as the chain that is here tells.
extension Consensus {
    /// Finds out who leads the current view by the chain of the highest certificate, unless that is known.
    ///
    /// It is not while the block of that certificate is missing.
    mutating func takeTurn() {
        let block = certificates.quorum.block
        if let turn, turn.view == view, turn.block == block, turn.isKnown { return }
        let history = history(upTo: block)
        turn = LeaderTurn(
            view: view,
            block: block,
            isKnown: history != nil || !leaders.readsHistory,
            leader: leaders.leader(of: view, after: history),
            puzzle: history.flatMap { history in
                tree.block(block).flatMap { leaders.puzzle(for: replica, in: view, on: $0, after: history) }
            }
        )
    }

    /// What the chain tells of its leaders up to a block; nil if the block is not here, or if nobody wants to know.
    func history(upTo block: Digest) -> LeaderHistory? {
        guard leaders.readsHistory else { return nil }
        return tree.ancestry(of: block).map { leaders.history(of: $0) }
    }

    /// Whether a block's proposer leads its view by the chain below the block; nil as long as that is not here.
    func admits(_ header: BlockHeader) -> Bool? {
        let base = mutant("judge-leader-by-own-chain") ? certificates.quorum.block : header.parent
        return leaders.admits(header, after: history(upTo: base))
    }

    /// Whether the connection to a leader has broken and not come back; no if the leader is not known.
    ///
    /// If its proposal reached only some before, their votes may still be on their way; giving the view up takes none back.
    func isDisconnected(_ leader: ReplicaID?) -> Bool { leader.map { isDisconnected[$0.index] } ?? false }
}
