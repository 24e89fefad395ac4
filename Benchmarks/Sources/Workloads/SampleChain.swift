internal import HotStuff

/// Blocks one above the other, each in the view after that of its parent, with all that was said of them.
struct SampleChain {
    /// A block, its proposal, and what a quorum said of it.
    struct Link {
        let proposal: Proposal
        let votes: [Vote]
        let ancestry: Ancestry

        var block: Block { proposal.block }
        var certificate: QuorumCertificate {
            QuorumCertificate(
                statement: votes[0].statement,
                signatures: SignatureSet(votes.map { ($0.voter, $0.signature) })
            )
        }
    }

    let members: SampleCommittee
    let links: [Link]

    /// Makes so many blocks of so many commands.
    init(of count: Int, commands: Int, by members: SampleCommittee) throws {
        self.members = members
        var links: [Link] = []
        var blocks = [members.committee.genesis]
        var justify = members.committee.genesisCertificate
        for number in 1...count {
            let final = max(0, number - 3)
            let ancestry = Ancestry(final: blocks[final], pending: Array(blocks[(final + 1)...]))
            let payload = Payload(SampleCommands.puts(commands, from: UInt64((number - 1) * commands + 1)))
            let header = BlockHeader(
                chain: members.committee.chain,
                epoch: members.committee.epoch,
                view: View(UInt64(number)),
                height: Height(UInt64(number)),
                parent: ancestry.tip.id,
                justifyView: justify.view,
                proposer: SteadyLeader.replica,
                payloadDigest: payload.digest,
                executed: Self.executed(Height(UInt64(final))),
                time: Timestamp(0)
            )
            let block = Block(header: header, payload: payload, justify: justify)
            let statement = VoteStatement(
                chain: header.chain,
                epoch: header.epoch,
                view: header.view,
                block: block.id,
                height: header.height,
                parentView: header.justifyView,
                commits: members.parameters.commitRule.commits(header, on: ancestry)
            )
            let proposed = ProposalStatement(proposing: header, id: block.id)
            let link = Link(
                proposal: Proposal(
                    block: block,
                    timeoutCertificate: nil,
                    signature: try members.sign(proposed.digest, by: header.proposer)
                ),
                votes: try members.quorum.map { try members.vote(statement, by: $0) },
                ancestry: ancestry
            )
            links.append(link)
            blocks.append(block)
            justify = link.certificate
        }
        self.links = links
    }

    /// What all say to have executed up to a height; nothing is executed for it.
    static func executed(_ height: Height) -> ExecutedState {
        height == .genesis ? .genesis : ExecutedState(height: height, digest: Digest.hash(of: height.encoded))
    }

    /// The proposals, verified one after the other.
    func verifiedProposals() throws -> [Verified<Proposal>] {
        var verifier = members.verifier()
        return try links.map { link in
            guard
                case .proposal(let verified) = try verifier.verify(
                    .proposal(link.proposal),
                    from: link.block.header.proposer
                )
            else { throw WorkloadFault("a proposal is verified as something else") }
            return verified
        }
    }
}
