/// Who leads which view of a chain: an election, asked with the history that the chain tells.
///
/// The history of a block is that of its parent, the views between the two, which failed, and the block's own header. It begins afresh
/// with every block at whose height a snapshot is due.
public struct LeaderSchedule: Sendable {
    private let election: any LeaderElection
    private let validators: ValidatorSet
    private let snapshotInterval: UInt64
    private let voteRouting: VoteRouting
    /// Whether the leader of a view depends on the chain below.
    public let readsHistory: Bool
    /// Whether nobody is expected to lead, and whoever solves a puzzle may.
    public let wantsWork: Bool

    /// Creates the schedule of a chain.
    ///
    /// - Parameters:
    ///   - election: who leads; nil for the election of the parameters.
    ///   - validators: who can lead.
    ///   - parameters: the chain's numbers, without fault.
    public init(_ election: (any LeaderElection)? = nil, among validators: ValidatorSet, parameters: ChainParameters) {
        let election = election ?? parameters.leaderElection.election
        self.election = election
        self.validators = validators
        snapshotInterval = parameters.snapshotInterval
        voteRouting = parameters.voteRouting
        readsHistory = election.readsHistory
        wantsWork = election.wantsWork
    }

    /// How many of the failed views between two blocks are looked at: the first ones, as many as each replica has two turns.
    ///
    /// A gap may be a million views long. When so many failed, it says nothing of a leader that it failed too.
    var maximumFailedViews: UInt64 { 2 * UInt64(validators.count) }

    /// The history up to a block, from that up to its parent.
    public func history(_ history: LeaderHistory, with header: BlockHeader) -> LeaderHistory {
        guard readsHistory, !ExecutionStep.isSnapshotDue(at: header.height, interval: snapshotInterval) else {
            return LeaderHistory(beginningWith: header)
        }
        return outlook(on: header.view, after: history).succeeded(by: header)
    }

    /// The history up to the last block of an ancestry.
    ///
    /// That up to the final block is the caller's, as the final block itself is. Complexity: O(pending blocks).
    public func history(of ancestry: Ancestry) -> LeaderHistory {
        let final = ancestry.finalHistory ?? LeaderHistory(beginningWith: ancestry.final.header)
        guard readsHistory else { return LeaderHistory(beginningIn: ancestry.tip.view) }
        return ancestry.pending.reduce(final) { history($0, with: $1.header) }
    }

    /// The expected leader of a view above a block; nil if it is not known, or if anybody may lead.
    ///
    /// - Parameters:
    ///   - view: the view.
    ///   - history: the history up to the block; nil if it is not known.
    /// - Returns: a validator, or nil.
    public func leader(of view: View, after history: LeaderHistory?) -> ReplicaID? {
        guard let history = history ?? unread(view) else { return nil }
        let leader = election.leader(of: view, after: outlook(on: view, after: history), among: validators)
        return leader.flatMap { validators.contains($0) ? $0 : nil }
    }

    /// Whether the proposer of a block may propose it; nil if that is not known.
    ///
    /// - Parameters:
    ///   - header: the block's header.
    ///   - history: the history up to the block's parent; nil if it is not known.
    /// - Returns: the answer, or nil.
    public func admits(_ header: BlockHeader, after history: LeaderHistory?) -> Bool? {
        guard let history = history ?? unread(header.view) else { return nil }
        return validators.contains(header.proposer) && (wantsWork || header.work == .none)
            && election.admits(header, after: outlook(on: header.view, after: history), among: validators)
    }

    /// What a replica has to solve to lead a view above a block; nil if nothing is to be solved, or if it may not lead.
    ///
    /// - Parameters:
    ///   - replica: who wants to lead.
    ///   - view: the view, above the block's.
    ///   - block: the block of the highest certificate.
    ///   - history: the history up to the block.
    /// - Returns: the puzzle, or nil.
    public func puzzle(
        for replica: ReplicaID,
        in view: View,
        on block: Block,
        after history: LeaderHistory
    ) -> Puzzle? {
        guard wantsWork, validators.contains(replica),
            let difficulty = election.difficulty(
                for: replica,
                in: view,
                after: outlook(on: view, after: history),
                among: validators
            )
        else { return nil }
        return Puzzle(
            chain: block.header.chain,
            epoch: block.header.epoch,
            view: view,
            parent: block.id,
            justifyView: block.view,
            proposer: replica,
            difficulty: difficulty
        )
    }

    /// Something to give to an election that does not look at it.
    private func unread(_ view: View) -> LeaderHistory? { readsHistory ? nil : LeaderHistory(beginningIn: view) }

    /// A history with the views noted that failed between its last block and a view.
    ///
    /// Where votes go to the next leader, one who is gone takes the block before its own with it: so of several failed views in a row
    /// the first is not held against its leader, once the next one has failed. Of who leads these views both are known.
    ///
    /// Complexity: O(n) elections for n validators.
    private func outlook(on view: View, after history: LeaderHistory) -> LeaderHistory {
        guard readsHistory, view > history.view else { return history }
        var outlook = history
        let failed = view.rawValue - history.view.rawValue - 1
        for offset in 0..<min(failed, maximumFailedViews) {
            let view = View(history.view.rawValue + 1 + offset)
            if let leader = election.leader(of: view, after: outlook, among: validators), validators.contains(leader) {
                if offset == 1, voteRouting == .nextLeader { outlook = history }
                outlook.fail(leader, in: view)
            }
        }
        return outlook
    }
}
