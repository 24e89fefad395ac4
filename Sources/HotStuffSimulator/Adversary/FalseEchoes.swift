internal import HotStuff

/// Tells others what they never signed, signed long ago, or what somebody else signed; and asks for views without end.
struct FalseEchoes: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        for index in letters.indices where liar.random.chance(oneIn: 2) {
            switch letters[index].message {
            case .echo(let echo):
                letters[index].content = .message(.echo(lie(to: letters[index].receiver, instead: echo, as: &liar)))
            case .plea(let view): letters[index].content = .message(.plea(absurd(above: view, as: &liar)))
            case .proposal, .briefProposal, .vote, .timeout, .certificates, .commands, .blockRequest, .blockResponse,
                .rangeRequest,
                .blockRange, .snapshotRequest, .snapshotAnswer, nil:
                continue
            }
            liar.acts += 1
        }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        // Who pleads may not know what it signed: now it matters what it is told, and how often.
        guard case .plea = message else { return }
        for _ in 0...liar.random.below(3) {
            liar.acts += 1
            answers.append(Letter(.echo(lie(to: sender, instead: nothing, as: &liar)), to: sender))
        }
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 3), let receiver = liar.someone().first else { return }
        liar.acts += 1
        if liar.random.chance(oneIn: 2) {
            letters.append(Letter(.echo(lie(to: receiver, instead: nothing, as: &liar)), to: receiver))
        } else {
            letters += liar.toSome(.plea(absurd(above: liar.view, as: &liar)))
        }
    }

    private var nothing: Echo { Echo(vote: nil, timeout: nil) }

    private func lie(to receiver: ReplicaID, instead truth: Echo, as liar: inout Liar) -> Echo {
        let memory = liar.memory
        let vote = memory.votes.last { $0.voter == receiver } ?? truth.vote
        let timeout = memory.givenUp.last { $0.sender == receiver }
        switch liar.random.below(6) {
        // Nothing is held.
        case 0: return nothing
        // What it signed long ago.
        case 1:
            return Echo(
                vote: memory.votes.first { $0.voter == receiver },
                timeout: memory.givenUp.first { $0.sender == receiver }
            )
        // What others signed.
        case 2:
            return Echo(
                vote: memory.votes.last { $0.voter != receiver },
                timeout: memory.givenUp.last { $0.sender != receiver }
            )
        // A vote that it never gave, with a true signature of another vote of its own.
        case 3: return Echo(vote: vote.map { forge($0, by: receiver, $0.signature, as: &liar) }, timeout: timeout)
        // The same with the liar's signature, under the other's name or its own.
        case 4:
            let signer = liar.random.chance(oneIn: 2) ? receiver : liar.pen.replica
            return Echo(vote: vote.map { forge($0, by: signer, nil, as: &liar) }, timeout: nil)
        // A timeout that it never signed.
        default:
            return Echo(
                vote: nil,
                timeout: timeout.map {
                    Timeout(
                        statement: TimeoutStatement(
                            chain: $0.statement.chain,
                            epoch: $0.statement.epoch,
                            view: absurd(above: $0.statement.view, as: &liar),
                            highestCertifiedView: $0.statement.highestCertifiedView
                        ),
                        sender: receiver,
                        signature: $0.signature,
                        certificates: $0.certificates
                    )
                }
            )
        }
    }

    private func forge(_ vote: Vote, by signer: ReplicaID, _ signature: Signature?, as liar: inout Liar) -> Vote {
        let view = absurd(above: vote.statement.view, as: &liar)
        let statement = liar.changed(vote.statement, view: view)
        return Vote(statement: statement, voter: signer, signature: signature ?? liar.pen.sign(statement.digest))
    }

    /// A view that is the next, or far ahead, or the last that there is, or one that stands for none.
    private func absurd(above view: View, as liar: inout Liar) -> View {
        let now = view.rawValue
        return View(liar.random.pick([now &+ 1, now &+ 300, now &+ 1_000_000, 1 << 63, .max - 1, .max, 0]))
    }
}
