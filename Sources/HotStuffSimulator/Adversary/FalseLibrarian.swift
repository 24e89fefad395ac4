internal import HotStuff

/// Answers requests for blocks and snapshots with something else: nothing, other blocks, other commands, the same blocks without end.
struct FalseLibrarian: Strategy {
    /// Whether it tells the truth about its snapshots until it is asked for their chunks: who lies at once is asked for none.
    private var isPatient: Bool?

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        for index in letters.indices {
            switch letters[index].message {
            case .blockResponse(let response) where !liar.random.chance(oneIn: 4):
                liar.acts += 1
                letters[index].content = .message(.blockResponse(untrue(response, as: &liar)))
            case .blockRange(let range) where !liar.random.chance(oneIn: 4):
                liar.acts += 1
                letters[index].content = .message(.blockRange(untrue(range, as: &liar)))
            case .snapshotAnswer(let answer):
                let isPatient = isPatient ?? liar.random.chance(oneIn: 2)
                self.isPatient = isPatient
                if case .chunk = answer {} else if isPatient { continue }
                if liar.random.chance(oneIn: 4) { continue }
                liar.acts += 1
                // Silence is a lie too.
                guard let lie = FalseSnapshots.untrue(answer, as: &liar) else {
                    letters[index].content = .message(.plea(.genesis))
                    continue
                }
                letters[index].content = .message(.snapshotAnswer(lie))
            default: continue
            }
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

    private func untrue(_ range: BlockRange, as liar: inout Liar) -> BlockRange {
        guard let certificate = range.certificate, let last = range.blocks.last else { return range }
        let blocks = range.blocks
        switch liar.random.below(8) {
        case 0: return BlockRange(nothingAbove: range.above)
        case 1:
            // One is missing, at the end or in the middle.
            var rest = blocks
            rest.remove(at: liar.random.below(rest.count))
            return BlockRange(above: range.above, blocks: rest, certificate: certificate)
        case 2:
            // A header that is right, with commands that are not.
            let place = liar.random.below(blocks.count)
            let payload = blocks[place].payload.isEmpty ? Payload([.openSession(nonce: 1 << 62)]) : .empty
            var spoiled = blocks
            spoiled[place] = Block(bare: blocks[place].header, payload: payload)
            return BlockRange(above: range.above, blocks: spoiled, certificate: certificate)
        case 3:
            // A certificate that is good, for something else.
            let other = liar.memory.blocks.last?.justify ?? certificate
            return BlockRange(above: range.above, blocks: blocks, certificate: other)
        case 4:
            // A block of its own on top, said to be final.
            guard let justify = liar.memory.certificate(of: last.id), let more = liar.block(in: liar.view, on: justify)
            else { return BlockRange(nothingAbove: range.above) }
            return BlockRange(above: range.above, blocks: blocks + [more], certificate: certificate)
        case 5:
            // Another chain from the first block on, which ends where the true one does.
            let header = BlockHeader(
                chain: last.header.chain,
                epoch: last.header.epoch,
                view: blocks[0].view,
                height: blocks[0].height,
                parent: Digest.hash(of: [7]),
                justifyView: blocks[0].header.justifyView,
                proposer: blocks[0].header.proposer,
                payloadDigest: Payload.empty.digest,
                executed: blocks[0].header.executed,
                time: blocks[0].header.time
            )
            let first = Block(bare: header, payload: .empty)
            return BlockRange(above: range.above, blocks: [first] + blocks.dropFirst(), certificate: certificate)
        case 6:
            // What nobody has signed.
            let statement = VoteStatement(
                chain: certificate.statement.chain,
                epoch: certificate.statement.epoch,
                view: certificate.statement.view,
                block: certificate.statement.block,
                height: certificate.statement.height,
                parentView: certificate.statement.parentView,
                commits: blocks[0].id
            )
            let forged = QuorumCertificate(statement: statement, signatures: certificate.signatures)
            return BlockRange(above: range.above, blocks: [blocks[0]], certificate: forged)
        default:
            // The same again, from elsewhere.
            let above = Height(range.above.rawValue &+ 1 &+ UInt64(liar.random.below(3)))
            return BlockRange(above: above, blocks: blocks, certificate: certificate)
        }
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
