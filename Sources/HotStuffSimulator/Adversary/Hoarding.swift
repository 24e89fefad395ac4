internal import HotStuff

/// Keeps its votes and timeouts to itself, so that it holds certificates alone, and shows them to one replica when it likes.
///
/// What one replica alone knows makes it lock, finalise or leave the view alone; what nobody knows lets the liar lead on a
/// certificate that no one else could have led on.
struct Hoarding: Strategy {
    private var shownView = View.genesis
    private var isHiding = true

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if liar.random.chance(oneIn: 30) { isHiding.toggle() }
        guard isHiding else { return }
        let before = letters.count
        letters.removeAll { $0.vote != nil || ($0.timeout != nil && liar.random.chance(oneIn: 2)) }
        liar.acts += before - letters.count
        guard let proposal = letters.first?.proposal, let hidden = liar.coven.highestCertificate(),
            hidden.view != proposal.block.justify.view, hidden.view < proposal.block.view,
            let message = liar.fork(in: proposal.block.view, on: hidden, payload: proposal.block.payload)
        else { return }
        liar.acts += 1
        for index in letters.indices { letters[index].content = .message(message) }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        guard message.isStatement, liar.random.chance(oneIn: 8), let receiver = liar.someone().first,
            let secret = secret(as: &liar)
        else { return }
        liar.acts += 1
        answers.append(Letter(.certificates(secret), to: receiver))
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard let receiver = liar.someone().first, let secret = secret(as: &liar) else { return }
        liar.acts += 1
        let view = max(liar.view, secret.view.next ?? liar.view)
        letters.append(
            Letter(
                liar.random.chance(oneIn: 2) ? .certificates(secret) : liar.timeout(view, showing: secret),
                to: receiver
            )
        )
    }

    /// The highest certificates that the liars can make, if there is anything new to show.
    private mutating func secret(as liar: inout Liar) -> CertificatePair? {
        let views = liar.coven.givenUpViews
        let timeout = views.max().flatMap { liar.coven.timeoutCertificate(of: $0) }
        let quorum = liar.coven.highestCertificate(variant: UInt8(liar.random.below(256))) ?? liar.certificates.quorum
        let pair = CertificatePair(quorum: quorum, timeout: timeout)
        guard pair.view > shownView || liar.random.chance(oneIn: 10) else { return nil }
        shownView = pair.view
        return pair
    }
}
