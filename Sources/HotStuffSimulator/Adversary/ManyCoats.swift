internal import HotStuff

/// Shows one and the same block in proposals that differ: signed again, with a certificate of other signers, or with another
/// timeout certificate of the view before.
struct ManyCoats: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        var more: [Letter] = []
        for index in letters.indices {
            guard let proposal = letters[index].proposal, proposal.block.header.proposer == liar.pen.replica,
                liar.random.chance(oneIn: 2)
            else { continue }
            let other = coat(of: proposal, as: &liar)
            liar.acts += 1
            if liar.random.chance(oneIn: 2) {
                more.append(Letter(other, to: letters[index].receiver))
            } else {
                letters[index].content = .message(other)
            }
        }
        letters += more
    }

    private func coat(of proposal: Proposal, as liar: inout Liar) -> Message {
        let variant = UInt8(liar.random.below(256))
        var block = proposal.block
        if liar.random.chance(oneIn: 2), let justify = liar.coven.certificate(of: block.justify.block, variant: variant)
        {
            block = Block(header: block.header, payload: block.payload, justify: justify)
        }
        var timeout = proposal.timeoutCertificate
        if let view = timeout?.view, liar.random.chance(oneIn: 2) {
            timeout = liar.coven.timeoutCertificate(of: view) ?? timeout
        }
        return liar.proposal(block, after: timeout, variant: variant)
    }
}
