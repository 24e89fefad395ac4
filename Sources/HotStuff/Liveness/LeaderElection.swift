/// Says who may propose in a view, the same at every replica that asks.
///
/// The answer follows from the view and from the chain below the proposal, and from nothing else: so all who judge a proposal agree,
/// also when some know more of the chain than others. Whoever writes an election of his own must keep it so: no clock, no randomness,
/// no state that is not in the arguments. All replicas of a chain must have the same one; that of the chain parameters is part of the
/// chain's identity, one that is handed to `Consensus` is not.
///
/// Safety rests on no election: a replica votes once in a view, whoever leads it. Source: HotStuff (Yin et al., PODC 2019), section 5.
public protocol LeaderElection: Sendable {
    /// Whether the answer depends on the history; without that a leader is also known where the chain below is not.
    var readsHistory: Bool { get }

    /// Whether nobody is expected to lead, and whoever shows a solution of his puzzle in the header may.
    ///
    /// Where it is not so, a header shows no work.
    var wantsWork: Bool { get }

    /// The one replica that is expected to propose in a view; nil where anybody may who can show that he may.
    ///
    /// - Parameters:
    ///   - view: the view, above that of the last block.
    ///   - history: what the chain below tells; the views that failed since its last block are among the failures already.
    ///   - validators: who can lead.
    /// - Returns: a member of the set, or nil.
    func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID?

    /// Whether a header's proposer may propose it: by default, whether it is the leader of the view.
    ///
    /// An election that lets anybody lead who shows a proof in the header judges the proof here.
    func admits(_ header: BlockHeader, after history: LeaderHistory, among validators: ValidatorSet) -> Bool

    /// How difficult the puzzle is that a replica has to solve to lead a view; nil if there is none, or if it may not lead that view.
    ///
    /// - Parameters:
    ///   - replica: who wants to lead: a member of the set.
    ///   - view: the view, above that of the last block.
    ///   - history: what the chain below tells.
    ///   - validators: who can lead.
    /// - Returns: how many bits of the solution's digest have to be zero, or nil.
    func difficulty(
        for replica: ReplicaID,
        in view: View,
        after history: LeaderHistory,
        among validators: ValidatorSet
    ) -> UInt8?
}

extension LeaderElection {
    /// It does, unless an election says that it does not.
    public var readsHistory: Bool { true }

    /// It does not, unless an election says that it does.
    public var wantsWork: Bool { false }

    /// There is no puzzle, unless an election has one.
    public func difficulty(
        for replica: ReplicaID,
        in view: View,
        after history: LeaderHistory,
        among validators: ValidatorSet
    ) -> UInt8? {
        nil
    }

    /// Whether the proposer is the leader of the header's view.
    public func admits(_ header: BlockHeader, after history: LeaderHistory, among validators: ValidatorSet) -> Bool {
        leader(of: header.view, after: history, among: validators) == header.proposer
    }
}
