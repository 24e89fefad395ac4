import HotStuff

/// A tree of blocks that grows from the genesis; it knows each block's true certificate.
final class TestChain {
    let world: World
    private var blocks: [Digest: Block] = [:]

    init(_ world: World) {
        self.world = world
        blocks[genesis.id] = genesis
    }

    var genesis: Block { world.committee.genesis }

    /// The blocks from behind the genesis to a block.
    func path(to block: Block) -> [Block] {
        var path: [Block] = []
        var next = block
        while next.id != genesis.id, let parent = blocks[next.header.parent] {
            path.append(next)
            next = parent
        }
        return path.reversed()
    }

    func ancestry(of block: Block) -> Ancestry { Ancestry(final: genesis, pending: path(to: block)) }

    /// What an honest replica says of a block.
    func statement(_ block: Block) -> VoteStatement {
        guard block.id != genesis.id, let parent = blocks[block.header.parent] else { return genesis.justify.statement }
        return VoteStatement(
            chain: block.header.chain,
            epoch: block.header.epoch,
            view: block.view,
            block: block.id,
            height: block.height,
            parentView: block.header.justifyView,
            commits: world.parameters.commitRule.commits(block.header, on: ancestry(of: parent))
        )
    }

    func certificate(_ block: Block, by signers: [Int]? = nil, variant: UInt8 = 0) -> QuorumCertificate {
        guard block.id != genesis.id else { return genesis.justify }
        return world.certificate(statement(block), by: signers, variant: variant)
    }

    /// A block on a parent; every field that is not given is what an honest leader would write.
    func extend(
        _ parent: Block,
        view: UInt64,
        _ commands: [Command] = [],
        justify: QuorumCertificate? = nil,
        change: (inout HeaderDraft) -> Void = { _ in }
    ) -> Block {
        let justify = justify ?? certificate(parent)
        let payload = Payload(commands)
        var draft = HeaderDraft(
            chain: world.committee.chain,
            view: View(view),
            height: parent.height.next ?? parent.height,
            parent: parent.id,
            justifyView: justify.view,
            proposer: world.leader(view),
            payloadDigest: payload.digest,
            executed: parent.header.executed,
            time: parent.header.time
        )
        change(&draft)
        let block = Block(header: draft.header, payload: payload, justify: justify)
        blocks[block.id] = block
        return block
    }

    /// The way to a block from behind a height, with the certificate that commits it: of the block two above it.
    func range(above height: UInt64, to last: Block, by certificate: QuorumCertificate) -> BlockRange {
        BlockRange(
            above: Height(height),
            blocks: path(to: last).filter { $0.height > Height(height) },
            certificate: certificate
        )
    }

    /// Blocks one on the other in consecutive views.
    func extend(_ parent: Block, views: ClosedRange<UInt64>) -> [Block] {
        var blocks: [Block] = []
        for view in views { blocks.append(extend(blocks.last ?? parent, view: view)) }
        return blocks
    }
}

/// The fields of a header before it is one.
struct HeaderDraft {
    var version = BlockHeader.currentVersion
    var chain: Digest
    var epoch = Epoch.first
    var view: View
    var height: Height
    var parent: Digest
    var justifyView: View
    var proposer: ReplicaID
    var payloadDigest: Digest
    var nextValidatorSet = Digest.zero
    var executed: ExecutedState
    var time: Timestamp
    var work = Work.none

    var header: BlockHeader {
        BlockHeader(
            version: version,
            chain: chain,
            epoch: epoch,
            view: view,
            height: height,
            parent: parent,
            justifyView: justifyView,
            proposer: proposer,
            payloadDigest: payloadDigest,
            nextValidatorSet: nextValidatorSet,
            executed: executed,
            time: time,
            work: work
        )
    }
}

extension HeaderDraft {
    /// Solves the puzzle that the header's proposer has.
    mutating func solve(_ difficulty: UInt8) {
        work = Work(difficulty: difficulty, nonce: 0)
        work = Work(difficulty: difficulty, nonce: Puzzle(of: header).anySolution)
    }
}

extension Puzzle {
    /// A solution; in tests puzzles are easy.
    var anySolution: UInt64 {
        var attempts = attempts
        var number: UInt64 = 0
        while true {
            if let solution = attempts.solution(from: number) { return solution }
            number += UInt64(PuzzleAttempts.batchCount)
        }
    }
}

extension MessageVerifier {
    /// The checked form of what a test knows to be true.
    mutating func verified(_ certificate: QuorumCertificate) throws -> Verified<QuorumCertificate> {
        try verify(CertificatePair(quorum: certificate, timeout: nil)).quorum
    }

    /// The checked form of what a test knows to be true.
    mutating func verified(_ vote: Vote) throws -> Verified<Vote> {
        guard case .vote(let verified) = try verify(.vote(vote), from: vote.voter) else { throw NotWhatWasSent() }
        return verified
    }

    /// The checked form of what a test knows to be true.
    mutating func verified(_ timeout: Timeout) throws -> Verified<Timeout> {
        guard case .timeout(let verified) = try verify(.timeout(timeout), from: timeout.sender) else {
            throw NotWhatWasSent()
        }
        return verified
    }

    /// The checked form of what a test knows to be true.
    mutating func verified(_ certificate: TimeoutCertificate) throws -> Verified<TimeoutCertificate> {
        let pair = try verify(CertificatePair(quorum: certificate.highest, timeout: certificate))
        guard let timeout = pair.timeout else { throw NotWhatWasSent() }
        return timeout
    }
}

/// A verifier gave back another kind of message than it was given.
struct NotWhatWasSent: Error {}
