/// Who leads a view above a block, as far as that is known.
struct LeaderTurn: Sendable {
    /// The view.
    let view: View
    /// The block of the highest certificate, whose chain says so.
    let block: Digest
    /// The leader; nil while the block is missing.
    let leader: ReplicaID?
}
