/// Who leads a view above a block, as far as that is known.
struct LeaderTurn: Sendable {
    /// The view.
    let view: View
    /// The block of the highest certificate, whose chain says so.
    let block: Digest
    /// Whether the block is here, if its chain is needed to tell.
    let isKnown: Bool
    /// The leader; nil while that is not known, or if nobody is expected.
    let leader: ReplicaID?
    /// What this replica has to solve to lead, where that is how one leads; nil if it stands back.
    let puzzle: Puzzle?
}
