package import HotStuff

/// Everything that was ever said on a stage, by whomever and to whomever: what an adversary who owns the network knows.
package struct Knowledge {
    private struct Ballot {
        let statement: VoteStatement
        var votes: [Vote]
    }

    /// The place of a block on its chain, small enough to be walked often.
    private struct Link {
        let parent: Digest
        let height: Height
    }

    private let genesis: Block
    private let rule: CommitRule
    private var links: [Digest: Link]
    private var blocks: [Digest: Block]
    private var order: [View: [Digest]] = [:]
    private var ballots: [Digest: [Ballot]] = [:]
    private var timeouts: [View: [Timeout]] = [:]
    /// The proposals of honest leaders, in the order in which they were made.
    package private(set) var proposals: [Proposal] = []

    init(genesis: Block, rule: CommitRule) {
        self.genesis = genesis
        self.rule = rule
        blocks = [genesis.id: genesis]
        links = [genesis.id: Link(parent: genesis.header.parent, height: genesis.height)]
    }

    /// The block of a name.
    package func block(_ id: Digest) -> Block? { blocks[id] }

    /// The votes for a block, of the statement for which there are most.
    package func votes(for block: Digest) -> [Vote] {
        (ballots[block] ?? []).max { $0.votes.count < $1.votes.count }?.votes ?? []
    }

    /// Whether a replica voted for a block.
    package func hasVoted(_ replica: ReplicaID, for block: Digest) -> Bool {
        (ballots[block] ?? []).contains { $0.votes.contains { $0.voter == replica } }
    }

    /// The blocks of a view, in the order in which they came up.
    package func blocks(in view: View) -> [Block] { (order[view] ?? []).compactMap { blocks[$0] } }

    /// The timeouts of a view, one of each sender.
    package func timeouts(of view: View) -> [Timeout] { timeouts[view] ?? [] }

    /// The proposals of a view by honest leaders.
    package func proposals(in view: View) -> [Proposal] { proposals.filter { $0.block.view == view } }

    /// The chain from above a height up to a block, as far as its blocks are known.
    package func chain(to id: Digest, above height: Height) -> [Block] {
        var chain: [Block] = []
        var next = blocks[id]
        while let block = next, block.height > height, block.id != genesis.id {
            chain.append(block)
            next = blocks[block.header.parent]
        }
        return chain.reversed()
    }

    /// Whether a block is another one or lies below it.
    package func isAncestor(_ ancestor: Digest, of block: Digest) -> Bool {
        guard let lower = links[ancestor] else { return false }
        var name = block
        while let link = links[name], link.height > lower.height { name = link.parent }
        return name == ancestor
    }

    /// Whether neither of two blocks lies on the other's chain.
    package func areConflicting(_ left: Digest, _ right: Digest) -> Bool {
        !isAncestor(left, of: right) && !isAncestor(right, of: left)
    }

    /// What a vote for a block must say.
    package func statement(for block: Block) -> VoteStatement {
        if let known = votes(for: block.id).first { return known.statement }
        let pending = chain(to: block.header.parent, above: .genesis)
        return VoteStatement(
            chain: block.header.chain,
            epoch: block.header.epoch,
            view: block.view,
            block: block.id,
            height: block.height,
            parentView: block.justify.view,
            commits: rule.commits(block.header, on: Ancestry(final: genesis, pending: pending))
        )
    }

    /// Takes note of a message.
    mutating func note(_ message: Message) {
        switch message {
        case .proposal(let proposal):
            note(proposal.block)
            if !proposals.contains(where: { $0.block.id == proposal.block.id }) { proposals.append(proposal) }
        case .vote(let vote): note(vote)
        case .timeout(let timeout):
            let view = timeout.statement.view
            if timeouts[view]?.contains(where: { $0.sender == timeout.sender }) != true {
                timeouts[view, default: []].append(timeout)
            }
        case .blockResponse(let response): for block in response.blocks { note(block) }
        case .briefProposal, .certificates, .commands, .blockRequest, .rangeRequest, .blockRange, .snapshotRequest,
            .snapshotAnswer,
            .echo, .plea:
            break
        }
    }

    /// Takes note of a block that nobody need have sent.
    mutating func note(_ block: Block) {
        guard blocks[block.id] == nil else { return }
        blocks[block.id] = block
        links[block.id] = Link(parent: block.header.parent, height: block.height)
        order[block.view, default: []].append(block.id)
    }

    private mutating func note(_ vote: Vote) {
        var list = ballots[vote.statement.block] ?? []
        if let index = list.firstIndex(where: { $0.statement == vote.statement }) {
            if !list[index].votes.contains(where: { $0.voter == vote.voter }) { list[index].votes.append(vote) }
        } else {
            list.append(Ballot(statement: vote.statement, votes: [vote]))
        }
        ballots[vote.statement.block] = list
    }
}
