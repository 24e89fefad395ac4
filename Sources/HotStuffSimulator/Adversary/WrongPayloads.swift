internal import HotStuff

/// Leads with commands that its header does not name, with the same ones twice, or with those that are long final.
struct WrongPayloads: Strategy {
    private var repetitions = 60

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard let proposal = letters.first?.proposal, proposal.block.header.proposer == liar.pen.replica else { return }
        let block = proposal.block
        for index in letters.indices where liar.random.chance(oneIn: 2) {
            let lie: Block
            switch liar.random.below(3) {
            case 0:
                // The header of all, with other commands.
                lie = Block(
                    header: block.header,
                    payload: other(than: block.payload, as: &liar),
                    justify: block.justify
                )
            case 1: lie = liar.changed(block) { $0.payloadDigest = Digest.hash(of: [1]) }
            default:
                // Nothing is wrong with this one; its commands must have no effect.
                guard repetitions > 0 else { return }
                repetitions -= 1
                lie = liar.changed(block, payload: other(than: block.payload, as: &liar)) { _ in }
            }
            liar.acts += 1
            letters[index].content = .message(liar.proposal(lie, after: proposal.timeoutCertificate))
        }
    }

    /// The commands again and again, and those of old blocks; none of its own, which would keep the chain awake.
    private func other(than payload: Payload, as liar: inout Liar) -> Payload {
        let old = liar.memory.blocks.isEmpty ? payload : liar.random.pick(liar.memory.blocks).payload
        switch liar.random.below(3) {
        case 0: return Payload(payload.commands + payload.commands)
        case 1: return Payload(Array((old.commands + payload.commands.reversed()).prefix(100)))
        default: return payload.isEmpty ? old : .empty
        }
    }
}
