import Testing

@testable import HotStuff

@Suite("The audit of a stored chain")
struct ChainAuditTests {
    private let world = World(4)

    private func audit(_ signatures: any SignatureVerifier = IdealSignatures()) -> ChainAudit {
        ChainAudit(committee: world.committee, parameters: world.parameters, verifier: signatures)
    }

    /// What is wrong with blocks that come one after the other; nothing if all is well.
    private func fault(of blocks: [Block], then certificate: QuorumCertificate? = nil) -> ChainFault? {
        var audit = audit()
        do {
            for block in blocks { try audit.take(block, finality: nil, in: "file \(block.height)") }
            if let certificate { try audit.take(certificate, at: Height(99), in: "beside") }
            try audit.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test("a sound chain with gaps between its views passes, and what is final is told")
    func sound() throws {
        let chain = TestChain(world)
        var blocks = chain.extend(chain.genesis, views: 1...5)
        blocks.append(chain.extend(blocks[4], view: 9))
        blocks += chain.extend(blocks[5], views: 10...12)
        let counting = CountingSignatures()
        var audit = audit(counting)
        for block in blocks { try audit.take(block, finality: nil, in: "") }
        // The certificate of view 12 commits the block of view 10, the one before the block of view 9.
        #expect(audit.provedHeight == Height(6))
        try audit.take(chain.certificate(blocks[8]), at: Height(9), in: "")
        try audit.finish()
        #expect(audit.provedHeight == Height(7))
        #expect(audit.height == Height(9))
        #expect(audit.tip == blocks[8].id)
        #expect(audit.counts.blocks == 9)
        #expect(audit.counts.certificates == 10)
        #expect(audit.counts.signatures == 27)
        #expect(counting.count == 27)
    }

    @Test("a certificate that is stored twice is verified once")
    func twice() throws {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...4)
        let counting = CountingSignatures()
        var audit = audit(counting)
        try audit.take(blocks[0], finality: chain.certificate(blocks[2]), in: "")
        for block in blocks.dropFirst() { try audit.take(block, finality: nil, in: "") }
        try audit.finish()
        #expect(counting.count == 9)
        #expect(audit.provedHeight == Height(1))
    }

    @Test("blocks that came in ranges need no certificates of their parents, as long as one above them is proved final")
    func bare() throws {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...9)
        let stored = blocks.map { (3...6).contains($0.height.rawValue) ? $0.bare : $0 }
        var audit = audit()
        for block in stored { try audit.take(block, finality: nil, in: "") }
        try audit.finish()
        #expect(audit.provedHeight == Height(6))
        #expect(audit.counts.blocks == 9 && audit.counts.certificates == 5)
        #expect(fault(of: [stored[0], stored[1], stored[3]])?.reason == .gap(expected: Height(3)))
        let spoiled = Block(bare: stored[2].header, payload: Payload([World.command(9)]))
        #expect(fault(of: [stored[0], stored[1], spoiled])?.reason == .block(.wrongPayload))
    }

    /// A header that is not what an honest leader writes, and what is wrong with it.
    struct Forgery: Sendable {
        let reason: ChainFault.Reason
        let change: @Sendable (inout HeaderDraft) -> Void

        init(_ reason: ChainFault.Reason, _ change: @escaping @Sendable (inout HeaderDraft) -> Void) {
            self.reason = reason
            self.change = change
        }
    }

    @Test(
        "every fault of a block is named with its height and file",
        arguments: [
            Forgery(.gap(expected: Height(4))) { $0.height = Height(5) },
            Forgery(.wrongParent) { $0.parent = Digest.hash(of: [1]) },
            Forgery(.notTheLeader(ReplicaID(3), leader: ReplicaID(0))) { $0.proposer = ReplicaID(3) },
            Forgery(.timeWentBack) { $0.time = Timestamp(4) },
            Forgery(.executionWentBack) { $0.executed = .genesis },
            Forgery(.executionWentBack) {
                $0.executed = ExecutedState(height: Height(1), digest: Digest.hash(of: [9]))
            },
            Forgery(.block(.wrongPayload)) { $0.payloadDigest = Digest.hash(of: [2]) },
            Forgery(.block(.wrongVersion(2))) { $0.version = 2 },
            Forgery(.block(.wrongChain)) { $0.chain = Digest.hash(of: [3]) },
            Forgery(.block(.wrongEpoch(Epoch(1)))) { $0.epoch = Epoch(1) },
            Forgery(.block(.inconsistentViews)) { $0.justifyView = View(2) },
            Forgery(.block(.inconsistentViews)) { $0.view = View(3) },
        ]
    )
    func faults(forgery: Forgery) {
        let chain = TestChain(world)
        var blocks: [Block] = []
        for view in UInt64(1)...3 {
            blocks.append(
                chain.extend(blocks.last ?? chain.genesis, view: view) { draft in
                    draft.time = Timestamp(5)
                    if view > 1 { draft.executed = ExecutedState(height: Height(1), digest: Digest.hash(of: [7])) }
                }
            )
        }
        blocks.append(chain.extend(blocks[2], view: 4, change: forgery.change))
        let height = blocks[3].height
        #expect(fault(of: blocks) == ChainFault(at: height, in: "file \(height)", forgery.reason))
    }

    @Test("a certificate that says of a block what the block does not say is refused, although a quorum signed it")
    func statements() {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let honest = chain.statement(blocks[2])
        for (parentView, commits) in [
            (View(1), honest.commits), (honest.parentView, blocks[1].id), (honest.parentView, nil),
        ] {
            let statement = VoteStatement(
                chain: honest.chain,
                epoch: honest.epoch,
                view: honest.view,
                block: honest.block,
                height: honest.height,
                parentView: parentView,
                commits: commits
            )
            let block = chain.extend(blocks[2], view: 4, justify: world.certificate(statement))
            #expect(fault(of: blocks + [block]) == ChainFault(at: Height(4), in: "file 4", .wrongStatement))
        }
    }

    @Test("of many signatures one forged is found, with the height of its block and its signer")
    func forged() {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...200)
        for height in [2, 100, 200] {
            let good = blocks[height - 1].justify
            let forged = SignatureSet(
                good.signatures.signers.map { signer in
                    let by = signer == ReplicaID(1) ? ReplicaID(2) : signer
                    return (signer, IdealSignatures.sign(good.statement.digest, by: by))
                }
            )
            var copy = blocks
            copy[height - 1] = Block(
                header: blocks[height - 1].header,
                payload: .empty,
                justify: QuorumCertificate(statement: good.statement, signatures: forged)
            )
            let expected = ChainFault.Reason.certificate(.invalidSignature(ReplicaID(1)))
            #expect(fault(of: copy) == ChainFault(at: Height(UInt64(height)), in: "file \(height)", expected))
        }
    }

    @Test("of two faults the lower one is named, also when its signatures were still waiting")
    func lowest() {
        let chain = TestChain(world)
        var blocks = chain.extend(chain.genesis, views: 1...4)
        blocks.append(chain.extend(blocks[3], view: 5) { $0.proposer = ReplicaID(0) })
        let good = blocks[2].justify
        let signatures = SignatureSet(good.signatures.signers.map { ($0, Signature([1])) })
        blocks[2] = Block(
            header: blocks[2].header,
            payload: .empty,
            justify: QuorumCertificate(statement: good.statement, signatures: signatures)
        )
        #expect(fault(of: blocks)?.height == Height(3))
    }

    @Test("a certificate of too few, and one that makes another block final, are refused")
    func certificates() {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...4)
        let few = chain.certificate(blocks[3], by: [0, 1])
        #expect(fault(of: blocks, then: few)?.reason == .certificate(.noQuorum))
        let fork = TestChain(world)
        let others = fork.extend(fork.extend(fork.genesis, view: 1) { $0.time = Timestamp(9) }, views: 2...4)
        let conflicting = fork.certificate(others[2])
        #expect(
            fault(of: blocks, then: conflicting)
                == ChainFault(at: Height(2), in: "beside", .otherBlockFinal(others[0].id))
        )
    }

    @Test("it goes on above blocks that are not kept")
    func pruned() throws {
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...9)
        var audit = audit()
        audit.begin(above: Height(4), block: blocks[3].id)
        for block in blocks[4...] { try audit.take(block, finality: nil, in: "") }
        try audit.finish()
        #expect(audit.counts.blocks == 5)
        #expect(audit.provedHeight == Height(6))
    }
}
