internal import HotStuff

/// Signs badly: with a flipped bit, with the signature of something else, or with none.
struct WrongSignatures: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        var more: [Letter] = []
        for index in letters.indices where liar.random.chance(oneIn: 3) {
            let lie: Message
            switch letters[index].message {
            case .proposal(let proposal):
                lie = .proposal(
                    Proposal(
                        block: proposal.block,
                        timeoutCertificate: proposal.timeoutCertificate,
                        signature: spoil(proposal.signature, as: &liar)
                    )
                )
            case .vote(let vote):
                lie = .vote(
                    Vote(statement: vote.statement, voter: vote.voter, signature: spoil(vote.signature, as: &liar))
                )
            case .timeout(let timeout):
                lie = .timeout(
                    Timeout(
                        statement: timeout.statement,
                        sender: timeout.sender,
                        signature: spoil(timeout.signature, as: &liar),
                        certificates: timeout.certificates
                    )
                )
            case .briefProposal, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange,
                .snapshotRequest,
                .snapshotAnswer, .echo, .plea, nil:
                continue
            }
            liar.acts += 1
            // Sometimes the good one follows: a bad signature must not keep it out.
            if liar.random.chance(oneIn: 2) { more.append(letters[index]) }
            letters[index].content = .message(lie)
        }
        letters += more
    }

    private func spoil(_ signature: Signature, as liar: inout Liar) -> Signature {
        var bytes = signature.bytes
        switch liar.random.below(4) {
        case 0: return Signature([])
        case 1: return Signature(liar.random.bytes(fewerThan: Signature.maximumByteCount))
        case 2: return liar.pen.sign(Digest.hash(of: [2]))
        default:
            if !bytes.isEmpty { bytes[liar.random.below(bytes.count)] ^= 1 << UInt8(liar.random.below(8)) }
            return Signature(bytes)
        }
    }
}
