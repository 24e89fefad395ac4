/// Says who leads a view, the same at every replica that asks.
public protocol LeaderElection: Sendable {
    /// The one replica that may propose in a view.
    func leader(of view: View, among validators: ValidatorSet) -> ReplicaID
}

/// Every replica in turn, one view each: view v is led by replica v mod n.
public struct RoundRobin: LeaderElection {
    /// Creates the election.
    public init() {}

    /// The replica whose turn it is.
    public func leader(of view: View, among validators: ValidatorSet) -> ReplicaID {
        ReplicaID(UInt16(view.rawValue % UInt64(validators.count)))
    }
}
