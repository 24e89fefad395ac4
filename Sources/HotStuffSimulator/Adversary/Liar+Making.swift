internal import HotStuff

// What liars sign: everything here bears their own true signatures.
extension Liar {
    /// A message to everybody else.
    func toAll(_ message: Message) -> [Letter] { others.map { Letter(message, to: $0) } }

    /// A message to each with a chance of one half, and at least to one.
    mutating func toSome(_ message: Message) -> [Letter] {
        let chosen = others.filter { _ in random.chance(oneIn: 2) }
        return (chosen.isEmpty ? someone() : chosen).map { Letter(message, to: $0) }
    }

    /// One of the others; nobody in a cluster of one.
    mutating func someone() -> [ReplicaID] { others.isEmpty ? [] : [random.pick(others)] }

    // MARK: Blocks

    /// A block on a certificate, which voters find nothing wrong with if they know its parent and the certificate suffices.
    ///
    /// - Parameters:
    ///   - view: in which it is proposed.
    ///   - justify: the certificate of its parent, which memory must hold.
    ///   - payload: its commands.
    /// - Returns: the block; none if the parent is not known.
    func block(in view: View, on justify: QuorumCertificate, payload: Payload = .empty) -> Block? {
        guard let parent = header(of: justify.block), let height = parent.height.next else { return nil }
        let header = BlockHeader(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            height: height,
            parent: justify.block,
            justifyView: justify.view,
            proposer: pen.replica,
            payloadDigest: payload.digest,
            executed: parent.executed,
            time: parent.time
        )
        return Block(header: header, payload: payload, justify: justify)
    }

    /// The header of a block that was heard of, or of the genesis.
    func header(of block: Digest) -> BlockHeader? {
        block == world.committee.genesis.id ? world.committee.genesis.header : memory.block(block)?.header
    }

    /// A block like another but for some fields of its header.
    func changed(_ block: Block, payload: Payload? = nil, _ change: (inout HeaderDraft) -> Void) -> Block {
        let payload = payload ?? block.payload
        let header = block.header.with {
            $0.payloadDigest = payload.digest
            change(&$0)
        }
        return Block(header: header, payload: payload, justify: block.justify)
    }

    /// A proposal of a block, signed as the liar, whoever is said to propose.
    func proposal(_ block: Block, after timeout: TimeoutCertificate?, variant: UInt8 = 0) -> Message {
        let statement = ProposalStatement(proposing: block.header, id: block.id)
        return .proposal(
            Proposal(block: block, timeoutCertificate: timeout, signature: pen.sign(statement.digest, variant: variant))
        )
    }

    /// A proposal for a view on an older certificate, with the timeout certificate that it needs if there is one.
    func fork(in view: View, on justify: QuorumCertificate, payload: Payload = .empty) -> Message? {
        guard let block = block(in: view, on: justify, payload: payload) else { return nil }
        if view.follows(justify.view) { return proposal(block, after: nil) }
        guard view > .genesis else { return nil }
        let before = View(view.rawValue - 1)
        guard before > justify.view else { return nil }
        if let timeout = coven.timeoutCertificate(of: before) { return proposal(block, after: timeout) }
        let known = certificates.timeout.flatMap { $0.view == before ? $0 : nil } ?? memory.timeout(of: before)
        guard let known else { return nil }
        return proposal(block, after: known)
    }

    // MARK: Votes and timeouts

    /// What an honest vote for a block would say, as far as the liar knows the chain.
    func statement(for block: Block) -> VoteStatement {
        let header = block.header
        var commits: Digest?
        if header.view.follows(header.justifyView), world.isTwoChain {
            commits = header.parent
        } else if header.view.follows(header.justifyView), let parent = self.header(of: header.parent),
            parent.view.follows(parent.justifyView), parent.height > .genesis
        {
            commits = parent.parent
        }
        return VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            block: block.id,
            height: header.height,
            parentView: block.justify.view,
            commits: commits
        )
    }

    /// A vote of the liar's own.
    func vote(_ statement: VoteStatement, variant: UInt8 = 0) -> Message {
        .vote(Vote(statement: statement, voter: pen.replica, signature: pen.sign(statement.digest, variant: variant)))
    }

    /// A vote statement like another but for some fields.
    func changed(
        _ statement: VoteStatement,
        view: View? = nil,
        block: Digest? = nil,
        height: Height? = nil,
        parentView: View? = nil,
        commits: Digest?? = nil
    ) -> VoteStatement {
        VoteStatement(
            chain: statement.chain,
            epoch: statement.epoch,
            view: view ?? statement.view,
            block: block ?? statement.block,
            height: height ?? statement.height,
            parentView: parentView ?? statement.parentView,
            commits: commits ?? statement.commits
        )
    }

    /// A timeout of the liar's own; it claims what it shows unless another claim is given.
    func timeout(
        _ view: View,
        showing certificates: CertificatePair,
        claiming claim: View? = nil,
        variant: UInt8 = 0
    ) -> Message {
        let statement = TimeoutStatement(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            highestCertifiedView: claim ?? certificates.quorum.view
        )
        return .timeout(
            Timeout(
                statement: statement,
                sender: pen.replica,
                signature: pen.sign(statement.digest, variant: variant),
                certificates: certificates
            )
        )
    }
}
