/// A brief proposal whose certificate is not here yet.
struct WaitingBrief: Sendable {
    /// The proposal.
    let brief: Verified<BriefProposal>
    /// When its sender is asked for the certificate; nil once it was.
    var askAt: Instant?

    /// The view of its block.
    var view: View { brief.content.header.view }
    /// Who sent it.
    var sender: ReplicaID { brief.content.header.proposer }
}

// Proposals without their certificate, for those who have collected the votes.
extension Consensus {
    /// How many brief proposals wait for their certificates at most.
    package static let briefCapacity = 4

    /// How long the certificate of a brief proposal is waited for before the sender is asked: votes that are not lost come at about the same
    /// time as the proposal that rests on them.
    private var briefPatienceMicroseconds: UInt64 { max(1, pace.patienceMicroseconds / 8) }

    /// When the next sender of a brief proposal is asked for its certificate.
    var nextCertificateRequest: Instant? { briefs.compactMap(\.askAt).min() }

    /// Takes in a brief proposal: as a whole one if its certificate is here, else it waits.
    mutating func onBriefProposal(
        _ brief: Verified<BriefProposal>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        let header = brief.content.header
        if let proposal = whole(brief) { return onProposal(proposal, from: sender, into: &effects) }
        if certificates.view > header.view { tell(sender, into: &effects) }
        guard mayBecomeWhole(brief.content), admits(header) != false else { return }
        // Whoever sends one after the other is asked in time for all that.
        let before = briefs.first { $0.sender == sender }?.askAt
        let current = view
        briefs.removeAll { $0.sender == sender || $0.view < current }
        if briefs.count >= Self.briefCapacity {
            // The nearest ones are of use first.
            guard let last = briefs.indices.max(by: { briefs[$0].view < briefs[$1].view }),
                briefs[last].view > header.view
            else { return }
            briefs.remove(at: last)
        }
        let askAt = before ?? now.advanced(byMicroseconds: briefPatienceMicroseconds)
        briefs.append(WaitingBrief(brief: brief, askAt: askAt))
    }

    /// Goes on with the brief proposals whose certificates have come, and asks for those that do not come: once, by showing the
    /// sender where we stand, which is lower.
    mutating func resolveBriefs(into effects: inout [Effect]) {
        guard !briefs.isEmpty, !isHalted else { return }
        let waiting = briefs
        briefs = []
        for var entry in waiting {
            if let proposal = whole(entry.brief) {
                onProposal(proposal, from: entry.sender, into: &effects)
                continue
            }
            guard mayBecomeWhole(entry.brief.content) else { continue }
            if let askAt = entry.askAt, askAt <= now {
                entry.askAt = nil
                if !isListener, !mutant("never-ask-for-certificate") {
                    effects.append(.say(.certificates(certificates), to: .replica(entry.sender)))
                }
            }
            briefs.append(entry)
        }
    }

    /// The proposal with the certificate that it names, if that is here.
    private func whole(_ brief: Verified<BriefProposal>) -> Verified<Proposal>? {
        recentCertificates.certificate(of: brief.content.header.justifyView).flatMap {
            Verified<Proposal>(brief, on: $0)
        }
    }

    /// Whether a brief proposal is of use when its certificate comes: it is if the view is not over, and no other block is certified where it
    /// names one.
    private func mayBecomeWhole(_ brief: BriefProposal) -> Bool {
        brief.header.view >= view && recentCertificates.certificate(of: brief.header.justifyView) == nil
    }
}
