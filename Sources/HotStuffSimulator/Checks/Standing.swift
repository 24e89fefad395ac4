internal import HotStuff

/// Where a replica stands after an event, as far as its promises go.
struct Standing {
    let replica: ReplicaID
    /// What it remembers of what it signed.
    let record: SafetyRecord
    let view: View
    /// The view of its highest quorum certificate.
    let highestCertifiedView: View
    /// Its clock.
    let wall: Timestamp

    init(_ core: borrowing Consensus, wall: Timestamp) {
        replica = core.replica
        record = core.safetyRecord
        view = core.view
        highestCertifiedView = core.certificates.quorum.view
        self.wall = wall
    }
}
