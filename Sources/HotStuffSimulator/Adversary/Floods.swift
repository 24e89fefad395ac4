internal import HotStuff

/// Pours out hundreds of messages at once, now and then: votes for views to come, timeouts for rising views, requests,
/// certificates.
struct Floods: Strategy {
    private var remaining: Int
    private var next: UInt64 = 0

    /// Creates one who has so many messages to pour out.
    init(remaining: Int = 800) { self.remaining = remaining }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard remaining > 0, liar.random.chance(oneIn: 12) else { return }
        let count = min(remaining, 60 + liar.random.below(140))
        remaining -= count
        liar.acts += count
        let kind = liar.random.below(5)
        let victim = liar.someone().first
        let isForAll = liar.random.chance(oneIn: 2)
        for number in 0..<count {
            next += 1
            guard let receiver = isForAll ? liar.others[number % liar.others.count] : victim,
                let message = message(of: kind, as: &liar)
            else { return }
            letters.append(Letter(message, to: receiver))
        }
    }

    private func message(of kind: Int, as liar: inout Liar) -> Message? {
        let view = View(liar.view.rawValue &+ next)
        let quorum = liar.certificates.quorum
        switch kind {
        case 0:
            return liar.vote(
                liar.changed(
                    quorum.statement,
                    view: view,
                    block: Digest.hash(of: [UInt8(next & 255)]),
                    height: Height(next)
                )
            )
        case 1: return liar.timeout(view, showing: liar.certificates)
        case 2:
            return .blockRequest(
                BlockRequest(
                    target: quorum.block,
                    at: quorum.statement.height,
                    above: Height(liar.random.number(below: 8))
                )
            )
        case 3: return .certificates(liar.certificates)
        default:
            guard let proposal = liar.memory.proposals.last(where: { $0.block.header.proposer == liar.pen.replica })
            else { return .certificates(liar.certificates) }
            let block = liar.changed(proposal.block) { $0.time = Timestamp($0.time.rawValue &+ next) }
            return liar.proposal(block, after: proposal.timeoutCertificate)
        }
    }
}
