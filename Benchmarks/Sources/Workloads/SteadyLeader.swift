internal import HotStuff

/// One replica leads all views, so that the others never propose.
struct SteadyLeader: LeaderElection {
    static let replica = ReplicaID(1)

    var readsHistory: Bool { false }

    func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
        Self.replica
    }
}
