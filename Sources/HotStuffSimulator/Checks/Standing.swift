package import HotStuff

/// Where a replica stands after an event: a value, but so large that it is handed on by reference.
package final class Standing: Sendable {
    /// Who it is.
    package let replica: ReplicaID
    /// What it remembers of what it signed.
    package let record: SafetyRecord
    /// Its current view.
    package let view: View
    /// Who leads that view, if it knows.
    package let leader: ReplicaID?
    /// The view of its highest quorum certificate.
    package let highestCertifiedView: View
    /// The certificates by which it stands there.
    package let certificates: CertificatePair
    /// How many commands wait to be ordered.
    package let pendingCommandCount: Int
    /// The height of its last final block.
    package let committedHeight: Height
    /// The name of its last final block.
    package let committedBlock: Digest
    /// Its clock.
    package let wall: Timestamp

    fileprivate init(
        replica: ReplicaID,
        record: SafetyRecord,
        view: View,
        leader: ReplicaID?,
        certificates: CertificatePair,
        pendingCommandCount: Int,
        committedHeight: Height,
        committedBlock: Digest,
        wall: Timestamp
    ) {
        self.replica = replica
        self.record = record
        self.view = view
        self.leader = leader
        highestCertifiedView = certificates.quorum.view
        self.certificates = certificates
        self.pendingCommandCount = pendingCommandCount
        self.committedHeight = committedHeight
        self.committedBlock = committedBlock
        self.wall = wall
    }
}

extension Consensus {
    /// Where the replica stands.
    //
    // It changes nothing; `mutating` lets it look at a core that an object holds in its place, without a copy of it.
    mutating func standing(wall: Timestamp) -> Standing {
        Standing(
            replica: replica,
            record: safetyRecord,
            view: view,
            leader: leader,
            certificates: certificates,
            pendingCommandCount: pendingCommandCount,
            committedHeight: committed.height,
            committedBlock: committed.id,
            wall: wall
        )
    }

    /// The certificates by which the replica stands where it stands.
    mutating func shownCertificates() -> CertificatePair { certificates }

    /// The first thing of which the replica holds more than a limit says.
    mutating func excess(over limit: Footprint) -> String? { footprint.exceeding(limit).first }
}
