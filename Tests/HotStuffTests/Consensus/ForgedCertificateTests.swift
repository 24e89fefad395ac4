import HotStuff
import Testing

/// What a replica does when a leader sends bytes in place of signatures of votes that the replica holds.
@Suite("Consensus: forged certificates")
struct ForgedCertificateTests {
    // Seven, so that replica 0 leads none of the first views; the quorum is five.
    let world = World(7)
    let chain: TestChain
    let blocks: [Block]

    init() {
        chain = TestChain(world)
        blocks = chain.extend(chain.genesis, views: 1...2)
    }

    /// A replica that holds the first block and four votes for it, but no certificate.
    private func replica() -> TestReplica {
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        _ = tell(replica, .proposal(world.proposal(blocks[0])), from: 1)
        for voter in 1...4 { _ = tell(replica, .vote(world.vote(chain.statement(blocks[0]), by: voter)), from: voter) }
        return replica
    }

    private func forged(_ forge: (ReplicaID, Signature) -> Signature) -> QuorumCertificate {
        let good = chain.certificate(blocks[0], by: [1, 2, 3, 4, 5])
        return QuorumCertificate(
            statement: good.statement,
            signatures: SignatureSet(
                zip(good.signatures.signers, good.signatures.signatures).map { ($0, forge($0, $1)) }
            )
        )
    }

    @Test(
        "garbage for votes that we hold is neither written nor sent on, and nothing of its message counts",
        arguments: [1, 2, 3, 4, 5]
    )
    func garbageForKnownVotes(liar: UInt16) {
        let replica = replica()
        let records = replica.journal
        let garbage = forged { $0 == ReplicaID(liar) ? Signature($1.bytes.map { ~$0 }) : $1 }
        let block = chain.extend(blocks[0], view: 2, justify: garbage)
        let pair = CertificatePair(quorum: garbage, timeout: nil)
        let messages: [Message] = [
            .proposal(world.proposal(block)), .certificates(pair), .timeout(world.timeout(9, by: 2, showing: pair)),
            .blockResponse(BlockResponse(target: block.id, blocks: [blocks[0], block])),
            .certificates(
                CertificatePair(quorum: chain.genesis.justify, timeout: world.timeoutCertificate(5, highest: garbage))
            ),
        ]
        for message in messages { #expect(tell(replica, message, from: 2) == []) }
        #expect(replica.rejected == Array(repeating: .invalidSignature(ReplicaID(liar)), count: messages.count))
        #expect(replica.journal == records)
        #expect(replica.core.view == View(1))
    }

    @Test("other valid signatures of votes that we hold are taken for what they are")
    func otherValidBytes() {
        let replica = replica()
        let other = chain.certificate(blocks[0], by: [1, 2, 3, 4, 5], variant: 1)
        let block = chain.extend(blocks[0], view: 2, justify: other)
        _ = tell(replica, .proposal(world.proposal(block)), from: 2)
        #expect(replica.rejected.isEmpty)
        #expect(replica.core.view == View(2))
        #expect(replica.core.safetyRecord.lastVote?.block == block.id)
    }

    @Test("a bad signature after a good one of the same vote does not take the good one away")
    func laterBadSignature() {
        let replica = replica()
        for voter in 1...4 {
            let good = world.vote(chain.statement(blocks[0]), by: voter)
            let bad = Vote(statement: good.statement, voter: good.voter, signature: Signature([0]))
            #expect(tell(replica, .vote(bad), from: voter) == [])
            #expect(tell(replica, .vote(good), from: voter) == [])
        }
        #expect(replica.rejected == (1...4).map { .invalidSignature(ReplicaID($0)) })
        #expect(replica.core.view == View(1))
        _ = tell(replica, .vote(world.vote(chain.statement(blocks[0]), by: 5)), from: 5)
        #expect(replica.core.view == View(2))
    }
}
