internal import HotStuff

/// Answers requests for blocks with something else: nothing, other blocks, other commands, the same blocks without end.
struct FalseLibrarian: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        for index in letters.indices {
            guard case .blockResponse(let response) = letters[index].message, !liar.random.chance(oneIn: 4)
            else { continue }
            liar.acts += 1
            letters[index].content = .message(.blockResponse(untrue(response, as: &liar)))
        }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        guard case .blockRequest(let request) = message, liar.random.chance(oneIn: 2) else { return }
        // Faster than its inside, which would tell the truth; only the first answer counts.
        let known = liar.memory.block(request.target).map { [$0] } ?? []
        liar.acts += 1
        answers.append(
            Letter(.blockResponse(untrue(BlockResponse(target: request.target, blocks: known), as: &liar)), to: sender)
        )
    }

    private func untrue(_ response: BlockResponse, as liar: inout Liar) -> BlockResponse {
        let blocks = response.blocks
        let last = blocks.last
        switch liar.random.below(8) {
        case 0: return BlockResponse(target: response.target, blocks: [])
        case 1: return BlockResponse(target: Digest.hash(of: [3]), blocks: blocks)
        case 2: return BlockResponse(target: response.target, blocks: Array(liar.memory.blocks.prefix(64)))
        case 3: return BlockResponse(target: response.target, blocks: Array(blocks.dropLast()))
        case 4: return BlockResponse(target: response.target, blocks: Array(blocks.prefix(1)))
        case 5:
            // A header that is right, with commands that are not.
            guard let last else { return BlockResponse(target: response.target, blocks: []) }
            let payload =
                last.payload.isEmpty ? Payload(last.payload.commands + [.openSession(nonce: 1 << 63)]) : .empty
            let other = Block(header: last.header, payload: payload, justify: last.justify)
            return BlockResponse(target: response.target, blocks: blocks.dropLast() + [other])
        case 6:
            // A block of its own behind the others: the first ones are good, and the target never comes.
            guard let last, let justify = liar.memory.certificate(of: last.id),
                let more = liar.block(in: liar.view, on: justify)
            else { return BlockResponse(target: response.target, blocks: blocks) }
            return BlockResponse(target: response.target, blocks: Array((blocks + [more]).suffix(64)))
        default:
            guard let last else {
                return BlockResponse(target: response.target, blocks: [liar.world.committee.genesis])
            }
            return BlockResponse(target: response.target, blocks: Array(repeating: last, count: 3))
        }
    }
}
