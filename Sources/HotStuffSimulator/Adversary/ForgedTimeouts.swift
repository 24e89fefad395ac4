internal import HotStuff

/// Shows timeout certificates that do not add up, and timeouts that claim certificates which they do not show.
struct ForgedTimeouts: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard liar.random.chance(oneIn: 2), let first = letters.first else { return }
        let lie: Message
        if let timeout = first.timeout {
            // It names a view that no certificate shows: below, just above, or absurd.
            let shown = timeout.certificates.quorum.view.rawValue
            let claim = liar.random.pick([shown &+ 1, shown &- 1, timeout.statement.view.rawValue, .max, 0])
            lie = liar.timeout(timeout.statement.view, showing: timeout.certificates, claiming: View(claim))
        } else if let proposal = first.proposal, let timeout = proposal.timeoutCertificate {
            lie = liar.proposal(proposal.block, after: forge(timeout, as: &liar))
        } else {
            return
        }
        liar.acts += 1
        for index in letters.indices where liar.random.chance(oneIn: 2) { letters[index].content = .message(lie) }
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 3) else { return }
        liar.acts += 1
        let pair = liar.certificates
        guard let known = liar.memory.timeouts.last else {
            letters += liar.toSome(liar.timeout(liar.view, showing: pair, claiming: liar.view))
            return
        }
        let forged = CertificatePair(quorum: pair.quorum, timeout: forge(known, as: &liar))
        letters += liar.toSome(
            liar.random.chance(oneIn: 2) ? .certificates(forged) : liar.timeout(liar.view, showing: forged)
        )
    }

    private func forge(_ certificate: TimeoutCertificate, as liar: inout Liar) -> TimeoutCertificate {
        var view = certificate.view
        var views = certificate.certifiedViews
        var signatures = certificate.signatures
        var highest = certificate.highest
        switch liar.random.below(7) {
        case 0: view = View(liar.view.rawValue &+ 1)
        case 1: view = View(.max)
        case 2: views = views.map { _ in .genesis }
        case 3: views = views.reversed()
        case 4: views = views.map { _ in View(view.rawValue &- 1) }
        case 5:
            let statement = certificate.statement(naming: certificate.highest.view)
            let mine = liar.pen.sign(statement.digest)
            signatures = SignatureSet(certificate.signatures.signers.map { ($0, mine) })
        default: highest = liar.memory.certificates.first ?? liar.world.committee.genesisCertificate
        }
        return TimeoutCertificate(
            chain: certificate.chain,
            epoch: certificate.epoch,
            view: view,
            signatures: signatures,
            certifiedViews: views,
            highest: highest
        )
    }
}
