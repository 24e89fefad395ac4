internal import HotStuff

/// Speaks of the last views that there are, and of some close to them.
struct HugeViews: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard liar.random.chance(oneIn: 4), let first = letters.first else { return }
        let view = huge(as: &liar)
        let lie: Message
        if let vote = first.vote {
            lie = liar.vote(liar.changed(vote.statement, view: view, height: Height(.max)))
        } else if let timeout = first.timeout {
            lie = liar.timeout(view, showing: timeout.certificates)
        } else if let proposal = first.proposal {
            let block = liar.changed(proposal.block) { $0.view = view }
            lie = liar.proposal(block, after: proposal.timeoutCertificate)
        } else {
            return
        }
        liar.acts += 1
        letters = liar.random.chance(oneIn: 2) ? liar.toAll(lie) + letters : letters + liar.toAll(lie)
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 4) else { return }
        let view = huge(as: &liar)
        let pair = liar.certificates
        let statement = liar.changed(pair.quorum.statement, view: view, height: Height(.max))
        let forged = QuorumCertificate(statement: statement, signatures: pair.quorum.signatures)
        let lie: Message =
            switch liar.random.below(4) {
            case 0: .certificates(CertificatePair(quorum: forged, timeout: nil))
            case 1: liar.timeout(view, showing: pair)
            case 2: liar.timeout(view, showing: pair, claiming: View(view.rawValue &- 1))
            default: liar.vote(statement)
            }
        liar.acts += 1
        letters += liar.toSome(lie)
    }

    /// One of the last views, or the first or last of which it is the leader, or one above what 32 or 63 bits hold.
    private func huge(as liar: inout Liar) -> View {
        let count = UInt64(liar.world.count)
        let mine = UInt64.max - (UInt64.max - UInt64(liar.pen.replica.index)) % count
        let last = UInt64.max
        let views: [UInt64] = [last, last - 1, last - 2, mine, 1 << 63, 1 << 62, 1 << 32]
        return View(liar.random.pick(views))
    }
}
