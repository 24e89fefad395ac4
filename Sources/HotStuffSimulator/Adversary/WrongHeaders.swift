internal import HotStuff

/// Leads with a block of which one thing is wrong, and everything else right; the same for votes.
struct WrongHeaders: Strategy {
    /// What is wrong.
    enum Field {
        case height, link, world, claim, time
    }

    let field: Field

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if let vote = letters.first?.vote, liar.random.chance(oneIn: 4), let lie = wrong(vote, as: &liar) {
            liar.acts += 1
            letters.append(contentsOf: liar.toSome(lie))
        }
        guard let proposal = letters.first?.proposal, proposal.block.header.proposer == liar.pen.replica,
            !liar.random.chance(oneIn: 3)
        else { return }
        let lie = liar.proposal(wrong(proposal.block, as: &liar), after: proposal.timeoutCertificate)
        let isForAll = liar.random.chance(oneIn: 2)
        for index in letters.indices where isForAll || liar.random.chance(oneIn: 2) {
            letters[index].content = .message(lie)
            liar.acts += 1
        }
    }

    private func wrong(_ block: Block, as liar: inout Liar) -> Block {
        let choice = liar.random.below(6)
        let noise = Digest.hash(of: liar.random.bytes(fewerThan: 16))
        let older = liar.memory.blocks.first ?? block
        switch field {
        case .height:
            let height = liar.random.pick([0, 1, block.height.rawValue &- 1, block.height.rawValue &+ 1, .max])
            let wrong = liar.changed(block) { $0.height = Height(height) }
            guard choice < 3 else { return wrong }
            // The certificate says the same now, but then nobody has signed it.
            let statement = liar.changed(block.justify.statement, height: Height(height &- 1))
            let justify = QuorumCertificate(statement: statement, signatures: block.justify.signatures)
            return Block(header: wrong.header, payload: wrong.payload, justify: justify)
        case .link:
            return liar.changed(block) {
                switch choice {
                case 0: $0.parent = noise
                case 1: $0.parent = older.id
                case 2: $0.justifyView = View($0.justifyView.rawValue &+ 1)
                case 3: $0.justifyView = older.view
                case 4: $0.parent = older.header.parent
                default: ($0.parent, $0.justifyView) = (older.id, older.view)
                }
            }
        case .world:
            let stranger = liar.others.first ?? ReplicaID(.max)
            return liar.changed(block) {
                switch choice {
                case 0: $0.chain = noise
                case 1: $0.epoch = Epoch(1)
                case 2: $0.version = 2
                // All signatures and fields are in order here; no rule but V5 forbids it.
                case 3: $0.nextValidatorSet = noise
                case 4: $0.proposer = stranger
                default: $0.payloadDigest = noise
                }
            }
        case .claim:
            return liar.changed(block) {
                switch choice {
                case 0: $0.executed = ExecutedState(height: $0.executed.height, digest: noise)
                case 1: $0.executed = ExecutedState(height: Height($0.height.rawValue &- 1), digest: noise)
                case 2: $0.executed = .genesis
                case 3: $0.executed = older.header.executed
                case 4: $0.executed = ExecutedState(height: Height(.max), digest: noise)
                default: $0.executed = ExecutedState(height: Height($0.executed.height.rawValue &+ 1), digest: noise)
                }
            }
        case .time:
            let drift = liar.world.parameters.maximumClockDriftMilliseconds
            return liar.changed(block) {
                switch choice {
                case 0: $0.time = Timestamp(0)
                case 1: $0.time = Timestamp($0.time.rawValue &- 60_000)
                case 2: $0.time = Timestamp($0.time.rawValue &+ 3_600_000)
                case 3: $0.time = Timestamp(.max)
                // As far ahead as some clocks still bear, and others not.
                case 4: $0.time = Timestamp($0.time.rawValue &+ drift - 200)
                default: $0.time = Timestamp($0.time.rawValue &+ drift)
                }
            }
        }
    }

    private func wrong(_ vote: Vote, as liar: inout Liar) -> Message? {
        let statement = vote.statement
        switch field {
        case .height: return liar.vote(liar.changed(statement, height: Height(liar.random.pick([0, 1, .max]))))
        case .link: return liar.vote(liar.changed(statement, parentView: liar.random.pick([.genesis, statement.view])))
        case .world:
            let isChain = liar.random.chance(oneIn: 2)
            return liar.vote(
                VoteStatement(
                    chain: isChain ? .zero : statement.chain,
                    epoch: isChain ? statement.epoch : Epoch(.max),
                    view: statement.view,
                    block: statement.block,
                    height: statement.height,
                    parentView: statement.parentView,
                    commits: statement.commits
                )
            )
        case .claim, .time: return nil
        }
    }
}
