/// Every replica in turn, each for a number of views in a row; a failed view ends a tenure.
///
/// With a tenure of one view, view v is led by replica v mod n, whatever happened before.
public struct RoundRobin: LeaderElection {
    /// How many views in a row one replica leads.
    public let tenure: UInt64

    /// The longest tenure: a leader that slows everybody down without failing is rid of some day.
    public static let maximumTenure: UInt64 = 1_000_000

    /// Creates the election.
    ///
    /// - Parameter tenure: how many views in a row one replica leads, at least one.
    public init(tenure: UInt64 = 1) {
        precondition(tenure > 0, "a tenure of no view")
        self.tenure = tenure
    }

    /// Only a tenure of several views has a beginning and an end.
    public var readsHistory: Bool { tenure > 1 }

    /// The replica whose turn it is.
    ///
    /// Where the history begins, a tenure begins too. Complexity: O(1).
    public func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
        let count = UInt64(validators.count)
        guard readsHistory, view > history.view else { return ReplicaID(UInt16(view.rawValue % count)) }
        let failed = view.rawValue - history.view.rawValue - 1
        let first: UInt64 =
            if let last = history.leader {
                UInt64(last.rawValue) + (history.tenure < tenure ? 0 : 1)
            } else {
                (view.rawValue - failed) / tenure
            }
        return ReplicaID(UInt16((first % count + (mutant("tenure-survives-failure") ? 0 : failed % count)) % count))
    }
}
