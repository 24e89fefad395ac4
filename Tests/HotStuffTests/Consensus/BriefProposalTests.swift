import HotStuff
import Testing

/// Proposals without their certificate.
@Suite("Brief proposals")
struct BriefProposalTests {
    let world = World(4)
    let chain: TestChain
    let oracle = Oracle()

    init() { chain = TestChain(world) }

    private func replica(_ id: Int, listeners: [ReplicaID] = []) -> TestReplica {
        let replica = TestReplica(
            world: world,
            id: id,
            settings: ConsensusSettings(),
            oracle: oracle,
            listeners: listeners
        )
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    private func propose(_ block: Block, to replica: TestReplica) -> [Effect] {
        settle(replica, tell(replica, .proposal(world.proposal(block)), from: block.header.proposer.index))
    }

    private func brief(_ block: Block) throws -> Message {
        .briefProposal(try #require(world.proposal(block).brief))
    }

    private func hint(_ block: Block, to replica: TestReplica) throws -> [Effect] {
        settle(replica, tell(replica, try brief(block), from: block.header.proposer.index))
    }

    private func vote(_ block: Block, by voters: [Int], to replica: TestReplica) -> [Effect] {
        voters.flatMap { voter in
            settle(replica, tell(replica, .vote(world.vote(chain.statement(block), by: voter)), from: voter))
        }
    }

    private func clock(_ replica: TestReplica, at milliseconds: UInt64) -> [Effect] {
        replica.handle(.clock(now: Instant(milliseconds * 1_000), wall: Timestamp(1_000 + milliseconds)))
    }

    private func told(_ effects: [Effect]) -> [Recipients] {
        effects.compactMap { if case .say(.certificates, let recipients) = $0 { recipients } else { nil } }
    }

    private func proposals(_ effects: [Effect]) -> [String] {
        effects.compactMap { effect in
            guard case .send(let released, let recipients) = effect else { return nil }
            return switch released.message {
            case .proposal: "whole to \(recipients)"
            case .briefProposal: "brief to \(recipients)"
            case .vote, .timeout, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange,
                .snapshotRequest, .snapshotAnswer, .echo, .plea:
                nil
            }
        }
    }

    @Test(
        "who has the votes votes for a brief proposal as for a whole one, and keeps the block with its own certificate"
    )
    func votes() throws {
        let replica = replica(0)
        let first = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let second = chain.extend(first, view: 2)
        _ = try hint(first, to: replica)
        #expect(replica.core.safetyRecord.lastVote?.block == first.id, "everybody has the certificate of the genesis")
        _ = vote(first, by: [1, 2, 3], to: replica)
        let effects = try hint(second, to: replica)
        #expect(replica.core.safetyRecord.lastVote?.block == second.id)
        let blocks = effects.compactMap { effect -> Block? in
            if case .append(.block(let block), _) = effect { block } else { nil }
        }
        #expect(blocks.map(\.justify.statement) == [chain.statement(first)])
    }

    @Test("where votes were lost the sender is asked for the certificate, once and soon, and with it the vote is cast")
    func asks() throws {
        let replica = replica(0)
        let first = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let second = chain.extend(first, view: 2)
        _ = propose(first, to: replica)
        var effects = try hint(second, to: replica)
        #expect(told(effects) == [] && replica.core.view == View(1))
        effects = clock(replica, at: 61)
        #expect(told(effects) == [])
        effects = clock(replica, at: 63)
        #expect(told(effects) == [.replica(ReplicaID(2))])
        #expect(told(clock(replica, at: 200)) == [])
        let pair = CertificatePair(quorum: chain.certificate(first), timeout: nil)
        settle(replica, tell(replica, .certificates(pair), from: 2))
        #expect(replica.core.safetyRecord.lastVote?.block == second.id)
    }

    @Test("who is shown the certificates of one that gave up a view answers with the certificate of that view")
    func answersThoseWhoGaveUp() {
        let replica = replica(0)
        let first = chain.extend(chain.genesis, view: 1)
        tell(replica, .certificates(CertificatePair(quorum: chain.certificate(first), timeout: nil)), from: 1)
        let end = world.timeoutCertificate(1, highest: chain.genesis.justify)
        let pair = CertificatePair(quorum: chain.genesis.justify, timeout: end)
        #expect(told(tell(replica, .certificates(pair), from: 3)) == [.replica(ReplicaID(3))])
    }

    @Test("a brief proposal on a certificate that does not exist is never voted for, and goes when the true one comes")
    func namesNothing() throws {
        let replica = replica(0)
        let first = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let other = chain.extend(chain.genesis, view: 1, [World.command(2)])
        let second = chain.extend(other, view: 2)
        _ = propose(first, to: replica)
        _ = try hint(second, to: replica)
        #expect(replica.core.footprint.briefProposals == 1)
        _ = vote(first, by: [1, 2, 3], to: replica)
        #expect(replica.core.view == View(2) && replica.core.safetyRecord.lastVote?.block == first.id)
        #expect(replica.core.footprint.briefProposals == 0)
        let third = chain.extend(first, view: 2)
        _ = try hint(third, to: replica)
        #expect(replica.core.safetyRecord.lastVote?.block == third.id)
    }

    @Test("whatever views brief proposals name, few are kept, and those of the next views before others")
    func fewAreKept() throws {
        let world = World(10)
        let chain = TestChain(world)
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        var blocks = [chain.genesis]
        for view in 1...9 as ClosedRange<UInt64> { blocks.append(chain.extend(blocks[blocks.count - 1], view: view)) }
        for block in blocks.dropFirst(2).reversed() {
            let brief = try #require(world.proposal(block).brief)
            tell(replica, .briefProposal(brief), from: block.header.proposer.index)
        }
        #expect(replica.core.footprint.briefProposals == Consensus.briefCapacity)
        // The nearest is among them.
        let pair = CertificatePair(quorum: chain.certificate(blocks[1]), timeout: nil)
        let effects = tell(replica, .certificates(pair), from: 1) + clock(replica, at: 300)
        let asked = effects.compactMap { effect -> ReplicaID? in
            if case .say(.blockRequest, .replica(let peer)) = effect { peer } else { nil }
        }
        for peer in asked {
            tell(replica, .blockResponse(BlockResponse(target: blocks[1].id, blocks: [blocks[1]])), from: peer.index)
        }
        #expect(replica.core.safetyRecord.lastVote?.block == blocks[2].id)
    }

    @Test("a brief proposal that skips a view, is another's, or is not what its header says is refused")
    mutating func refused() throws {
        var verifier = world.verifier()
        let first = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let whole = world.proposal(first)
        let good = try #require(whole.brief)
        _ = try verifier.verify(.briefProposal(good), from: ReplicaID(1))
        #expect(throws: VerificationFailure.notTheSender(ReplicaID(1))) {
            try verifier.verify(.briefProposal(good), from: ReplicaID(2))
        }
        let otherPayload = BriefProposal(header: good.header, payload: .empty, signature: good.signature)
        #expect(throws: VerificationFailure.wrongPayload) {
            try verifier.verify(.briefProposal(otherPayload), from: ReplicaID(1))
        }
        let skipping = chain.extend(chain.genesis, view: 3)
        #expect(world.proposal(skipping).brief == nil)
        let forced = BriefProposal(
            header: skipping.header,
            payload: .empty,
            signature: world.proposal(skipping).signature
        )
        #expect(throws: VerificationFailure.unjustified) {
            try verifier.verify(.briefProposal(forced), from: skipping.header.proposer)
        }
        let unsigned = BriefProposal(
            header: good.header,
            payload: good.payload,
            signature: world.proposal(skipping).signature
        )
        #expect(throws: VerificationFailure.invalidSignature(ReplicaID(1))) {
            try verifier.verify(.briefProposal(unsigned), from: ReplicaID(1))
        }
    }

    @Test(
        "a leader sends brief proposals to validators and whole ones to listeners, and a whole one to whoever connects"
    )
    func sends() {
        let listener = ReplicaID.listeners.lowerBound
        let replica = replica(1, listeners: [listener])
        let effects = settle(replica, replica.handle(.submitted([World.command(1)])))
        #expect(proposals(effects) == ["brief to validators", "whole to listeners"])
        #expect(proposals(replica.handle(.connected(ReplicaID(3)))) == ["whole to replica(3)"])
    }

    @Test("after a failed view, and after a restart, a proposal shows its certificate")
    func whole() throws {
        let replica = replica(2)
        let end = world.timeoutCertificate(1, highest: chain.genesis.justify)
        _ = replica.handle(.submitted([World.command(1)]))
        let pair = CertificatePair(quorum: chain.genesis.justify, timeout: end)
        #expect(proposals(settle(replica, tell(replica, .certificates(pair), from: 1))) == ["whole to everyone"])

        let other = self.replica(1)
        _ = settle(other, other.handle(.submitted([World.command(2)])))
        other.crash()
        let again = settle(other, try other.restart(now: Instant(0), wall: Timestamp(1_000)))
        #expect(proposals(again) == ["whole to everyone"])
    }

    @Test(
        "of an empty block of four replicas brief proposals save more than a third of the bytes, as votes to the next leader do"
    )
    func saves() throws {
        // As long as one of ML-DSA-44.
        let signature = Signature(Array(repeating: 7, count: 2_420))
        let first = chain.extend(chain.genesis, view: 1)
        let justify = QuorumCertificate(
            statement: chain.statement(first),
            signatures: SignatureSet((0..<3).map { (ReplicaID(UInt16($0)), signature) })
        )
        let block = chain.extend(first, view: 2, justify: justify)
        let proposal = Proposal(block: block, timeoutCertificate: nil, signature: signature)
        let brief = try #require(proposal.brief)
        // One that makes a block final names it.
        let statement = chain.statement(chain.extend(chain.extend(first, view: 2), view: 3))
        let vote = Vote(statement: statement, voter: ReplicaID(0), signature: signature)
        let sizes = [Message.proposal(proposal), .briefProposal(brief), .vote(vote)].map { Frame.encode($0).count }
        #expect(sizes == [10_031, 2_652, 2_558])
        #expect(3 * sizes[0] + 12 * sizes[2] == 60_789, "whole proposals, and votes to everyone")
        #expect(3 * sizes[1] + 12 * sizes[2] == 38_652, "brief proposals, and votes to everyone")
        #expect(3 * sizes[0] + 3 * sizes[2] == 37_767, "whole proposals, and votes to the next leader")
    }
}
