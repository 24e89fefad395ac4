/// The last proposals that were heard, to show who makes two in one view.
///
/// Of the newest view all are kept, one of each proposer, however many solved their puzzles; of older ones only as many as a few places hold. So
/// nobody's proposal pushes out another one of the same view, and memory stays at one block for each replica.
struct SeenProposals: Sendable {
    /// So many are kept whatever their views are.
    static let places = 8

    private var proposals: [Proposal] = []
    /// The last view in which each replica was reported.
    private var blamed: [View]

    /// Creates the memory of one who has heard nothing.
    ///
    /// - Parameter validatorCount: how many replicas there are.
    init(validatorCount: Int) { blamed = Array(repeating: .genesis, count: validatorCount) }

    /// The most that are kept of so many replicas.
    static func capacity(validatorCount: Int) -> Int { max(places, validatorCount) }

    /// The number of proposals kept.
    var count: Int { proposals.count }

    /// The proposals of a view.
    func proposals(of view: View) -> [Proposal] { proposals.filter { $0.block.view == view } }

    /// What a proposal is, beside those heard before.
    enum Finding {
        /// Its proposer's first of the view, or that one again.
        case first
        /// Another one of the same view and proposer; with the evidence, unless that was shown before.
        case second(Evidence?)
    }

    /// Remembers a proposal, and finds out whether its proposer made another one in the same view.
    ///
    /// Two leaders of one view prove nothing against either: each leads it by the chain below its own block, or by its own proof.
    ///
    /// Complexity: O(n).
    mutating func note(_ proposal: Proposal) -> Finding {
        let view = proposal.block.view
        let proposer = proposal.block.header.proposer
        guard let known = proposals.first(where: { $0.block.view == view && $0.block.header.proposer == proposer })
        else {
            proposals.append(proposal)
            makeRoom()
            return .first
        }
        guard known.block.id != proposal.block.id else { return .first }
        guard proposer.index < blamed.count, blamed[proposer.index] < view else { return .second(nil) }
        blamed[proposer.index] = view
        return .second(.proposals(known, proposal))
    }

    /// Forgets the proposal of the lowest view where there are too many; of the newest view none.
    private mutating func makeRoom() {
        guard proposals.count > SeenProposals.places,
            let oldest = proposals.indices.min(by: { proposals[$0].block.view < proposals[$1].block.view }),
            let newest = proposals.map(\.block.view).max(), proposals[oldest].block.view < newest
        else { return }
        proposals.remove(at: oldest)
    }
}
