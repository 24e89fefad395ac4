package import HotStuff

/// Where a replica stands after an event.
package struct Standing: Sendable {
    /// Who it is.
    package let replica: ReplicaID
    /// What it remembers of what it signed.
    package let record: SafetyRecord
    /// Its current view.
    package let view: View
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
            highestCertifiedView: certificates.quorum.view,
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
