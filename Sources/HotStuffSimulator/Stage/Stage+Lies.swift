package import HotStuff

// What the stage says for those whose pens it holds: anything that can be signed with them, and nothing that cannot.
extension Stage {
    /// The certificate with which the chain begins.
    package var genesisCertificate: QuorumCertificate { world.committee.genesisCertificate }

    private func pen(of index: Int) -> Pen {
        precondition(liars.contains(index), "replica \(index) is honest, its pen is its own")
        return world.keys.pen(of: ReplicaID(UInt16(index)))
    }

    /// Makes a block of a liar; the stage knows it from now on, and nobody else does.
    ///
    /// - Parameters:
    ///   - leader: whose block it is.
    ///   - view: its view.
    ///   - justify: the certificate that it carries.
    ///   - commands: its commands.
    ///   - change: what else is to be different.
    /// - Returns: the block.
    package func block(
        by leader: Int,
        view: View,
        on justify: QuorumCertificate,
        commands: [Command] = [],
        change: BlockChange = BlockChange()
    ) -> Block {
        let payload = Payload(commands)
        let parent = knowledge.block(justify.block)
        let draft = BlockHeader(
            chain: change.chain ?? world.committee.chain,
            epoch: change.epoch ?? world.committee.epoch,
            view: view,
            height: change.height ?? Height(justify.statement.height.rawValue + 1),
            parent: change.parent ?? justify.block,
            justifyView: change.justifyView ?? justify.view,
            proposer: ReplicaID(UInt16(leader)),
            payloadDigest: payload.digest,
            nextValidatorSet: change.nextValidatorSet,
            executed: change.executed ?? parent?.header.executed ?? .genesis,
            time: parent?.header.time ?? Timestamp(0)
        )
        let work = work(for: draft, change: change)
        let header = draft.with { $0.work = work }
        let block = Block(header: header, payload: payload, justify: justify)
        knowledge.note(block)
        return block
    }

    /// Signs a liar's proposal.
    package func proposal(of block: Block, after timeout: TimeoutCertificate?) -> Message {
        let digest = ProposalStatement(proposing: block.header, id: block.id).digest
        let signature = pen(of: block.header.proposer.index).sign(digest)
        return .proposal(Proposal(block: block, timeoutCertificate: timeout, signature: signature))
    }

    /// Signs a liar's vote for a block.
    package func vote(for block: Block, by index: Int, variant: UInt8 = 0) -> Vote {
        let statement = knowledge.statement(for: block)
        return vote(statement, by: index, variant: variant)
    }

    /// Signs a liar's vote of any content.
    package func vote(_ statement: VoteStatement, by index: Int, variant: UInt8 = 0) -> Vote {
        let signature = pen(of: index).sign(statement.digest, variant: variant)
        return Vote(statement: statement, voter: ReplicaID(UInt16(index)), signature: signature)
    }

    /// Signs a liar's timeout, which shows what it names.
    ///
    /// - Parameters:
    ///   - view: the view that is given up.
    ///   - claim: the view that it names; that of the certificate, if nothing is said.
    ///   - pair: what it shows.
    ///   - index: who says so.
    ///   - epoch: of another epoch, if it is.
    /// - Returns: the timeout.
    package func timeout(
        of view: View,
        naming claim: View? = nil,
        showing pair: CertificatePair,
        by index: Int,
        epoch: Epoch? = nil
    ) -> Timeout {
        let statement = TimeoutStatement(
            chain: world.committee.chain,
            epoch: epoch ?? world.committee.epoch,
            view: view,
            highestCertifiedView: claim ?? pair.quorum.view
        )
        return Timeout(
            statement: statement,
            sender: ReplicaID(UInt16(index)),
            signature: pen(of: index).sign(statement.digest),
            certificates: pair
        )
    }

    /// Makes a certificate of a block, out of the votes of honest replicas and all liars' pens.
    ///
    /// - Parameters:
    ///   - block: the block.
    ///   - signers: whose votes it has; all that there are, if nothing is said.
    /// - Returns: the certificate; none if that is no quorum.
    package func certificate(of block: Block, signers: [Int]? = nil) -> QuorumCertificate? {
        let statement = knowledge.statement(for: block)
        let signed = knowledge.votes(for: block.id) + liars.map { vote(statement, by: $0) }
        var votes: [Vote] = []
        for vote in signed where signers?.contains(vote.voter.index) ?? true {
            if !votes.contains(where: { $0.voter == vote.voter }) { votes.append(vote) }
        }
        guard world.isQuorum(votes.map(\.voter)) else { return nil }
        return QuorumCertificate(
            statement: statement,
            signatures: SignatureSet(votes.map { ($0.voter, $0.signature) })
        )
    }

    /// Makes a timeout certificate, out of the timeouts of honest replicas and of liars who name what they like.
    ///
    /// - Parameters:
    ///   - view: the view that failed.
    ///   - signers: whose timeouts it has, in the order of preference; as few as needed are taken.
    ///   - named: what liars name.
    ///   - epoch: of another epoch, if it is.
    /// - Returns: the certificate; none if that is no quorum.
    package func timeoutCertificate(
        of view: View,
        signers: [Int],
        named: QuorumCertificate? = nil,
        epoch: Epoch? = nil
    ) -> TimeoutCertificate? {
        let pair = CertificatePair(quorum: named ?? genesisCertificate, timeout: nil)
        guard pair.quorum.view < view else { return nil }
        var chosen: [Timeout] = []
        for signer in signers where !world.isQuorum(chosen.map(\.sender)) {
            if liars.contains(signer) {
                chosen.append(timeout(of: view, showing: pair, by: signer, epoch: epoch))
            } else if let known = knowledge.timeouts(of: view).first(where: { $0.sender.index == signer }) {
                chosen.append(known)
            }
        }
        guard world.isQuorum(chosen.map(\.sender)) else { return nil }
        chosen.sort { $0.sender < $1.sender }
        let certificates = chosen.map(\.certificates.quorum)
        guard let highest = certificates.max(by: { $0.view < $1.view }) else { return nil }
        return TimeoutCertificate(
            chain: world.committee.chain,
            epoch: epoch ?? world.committee.epoch,
            view: view,
            signatures: SignatureSet(chosen.map { ($0.sender, $0.signature) }),
            certifiedViews: chosen.map(\.statement.highestCertifiedView),
            highest: highest
        )
    }

    /// Answers the questions for blocks that wait at liars, with what the stage knows.
    package func answerQuestions(of receivers: [Int]? = nil) {
        var filter = MailFilter()
        filter.kind = .requests
        filter.receivers = liars
        filter.senders = receivers
        for item in take(filter) {
            guard case .blockRequest(let request) = item.message else { continue }
            let blocks = knowledge.chain(to: request.target, above: request.above)
            let answer = BlockResponse(
                target: request.target,
                blocks: Array(blocks.prefix(BlockRequest.maximumBlockCount))
            )
            hand(.blockResponse(answer), from: item.receiver, to: item.sender)
        }
    }
}

/// What is different about a liar's block; what is nothing is as it should be.
package struct BlockChange: Sendable {
    /// Another chain.
    package var chain: Digest?
    /// Another epoch.
    package var epoch: Epoch?
    /// Another height.
    package var height: Height?
    /// Another parent than what is certified.
    package var parent: Digest?
    /// Another justify view than the certificate's.
    package var justifyView: View?
    /// A next validator set.
    package var nextValidatorSet = Digest.zero
    /// Another claim of execution than the parent's.
    package var executed: ExecutedState?
    /// Another proof than the solution of its proposer's puzzle, where a proof of work elects leaders.
    package var work: Work?
    /// The solution of a puzzle that is easier or harder.
    package var difficulty: UInt8?
    /// A number that is no solution.
    package var isUnsolved = false

    /// Nothing is different.
    package init() {}
}
