import HotStuff
import Testing

/// View 3 failed, and its leader is passed over in view 7; if view 6 failed too, its leader is instead.
@Suite("A leader by the chain below the block")
struct LeaderRuleTests {
    private let world = World(4, parameters: ChainParameters(leaderElection: .reputation))
    private let chain: TestChain
    /// The blocks of views 1, 2, 4, 5 and 6.
    private let blocks: [Block]

    init() {
        chain = TestChain(world)
        var blocks = chain.extend(chain.genesis, views: 1...2)
        for view in [4, 5, 6] as [UInt64] { blocks.append(chain.extend(blocks[blocks.count - 1], view: view)) }
        self.blocks = blocks
    }

    /// A block of view 7.
    private func block(on parent: Block, by proposer: UInt16, _ commands: [Command] = []) -> Block {
        chain.extend(parent, view: 7, commands) { $0.proposer = ReplicaID(proposer) }
    }

    @Test("V1: a vote asks who leads above the block's own parent, not above my highest certificate")
    func votes() throws {
        var verifier = world.verifier()
        func verdict(_ block: Block, on parent: Block) throws -> VoteRefusal? {
            var rules = world.rules(0)
            rules.observe(try verifier.verified(chain.certificate(blocks[4])))
            let checked = try verifier.verify(block)
            do {
                _ = try rules.vote(for: checked, after: nil, on: chain.ancestry(of: parent), nextValidatorSet: .zero)
                return nil
            } catch {
                return error
            }
        }
        #expect(try verdict(block(on: blocks[4], by: 1), on: blocks[4]) == nil)
        #expect(try verdict(block(on: blocks[4], by: 3), on: blocks[4]) == .wrongLeader)
        #expect(try verdict(block(on: blocks[3], by: 3), on: blocks[3]) == nil)
        #expect(try verdict(block(on: blocks[3], by: 1), on: blocks[3]) == .wrongLeader)
    }

    @Test("P1: no proposal on a chain that makes another the leader")
    func proposals() throws {
        var verifier = world.verifier()
        for (replica, parent, leads) in [(1, 4, true), (3, 4, false), (3, 3, true), (1, 3, false)] {
            var rules = world.rules(replica)
            rules.observe(try verifier.verified(chain.certificate(blocks[4])))
            let checked = try verifier.verify(block(on: blocks[parent], by: UInt16(replica)))
            var refusal: ProposalRefusal?
            do {
                _ = try rules.propose(checked, on: chain.ancestry(of: blocks[parent]))
            } catch {
                refusal = error
            }
            #expect(refusal == (leads ? nil : .notTheLeader))
        }
    }

    private func proposal(_ block: Block) -> [UInt8] { Frame.encode(Message.proposal(world.proposal(block))) }

    @Test(
        "without its parent nobody can say who leads: the true leader's proposal waits beside a liar's, and is voted for"
    )
    func waiting() throws {
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_700_000_000_000))
        let lie = block(on: blocks[4], by: 2, [World.command(1)])
        let truth = block(on: blocks[4], by: 1, [World.command(2)])
        var effects = replica.receive(proposal(lie), from: ReplicaID(2))
        effects += replica.receive(proposal(truth), from: ReplicaID(1))
        #expect(replica.core.view == View(7) && replica.core.leader == nil)
        #expect(effects.contains(.enter(View(7), leader: nil, after: .certificate)))
        #expect(replica.core.safetyRecord.lastVote == nil)
        // A block that has just been heard of may be on its way, so it is asked for a moment later.
        effects += replica.handle(.clock(now: Instant(50_000), wall: Timestamp(1_700_000_000_050)))
        let asked = effects.compactMap { effect in
            if case .say(.blockRequest(let request), .replica(let peer)) = effect { (request, peer) } else { nil }
        }
        let (request, peer) = try #require(asked.first)
        let response = BlockResponse(target: request.target, blocks: blocks)
        effects += replica.receive(Frame.encode(Message.blockResponse(response)), from: peer)
        #expect(replica.core.leader == ReplicaID(1))
        #expect(replica.core.safetyRecord.lastVote?.block == truth.id)
        // Two proposers of one view are no evidence against either.
        #expect(!effects.contains { if case .report = $0 { true } else { false } })
        let other = block(on: blocks[4], by: 1, [World.command(3)])
        let second = replica.receive(proposal(other), from: ReplicaID(1))
        #expect(second.contains { if case .report = $0 { true } else { false } })
    }

    @Test("many proposals of one view that nobody can judge find no more room than four")
    func room() {
        let world = World(10, parameters: ChainParameters(leaderElection: .reputation))
        let chain = TestChain(world)
        let parent = chain.extend(chain.genesis, view: 1)
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_700_000_000_000))
        for proposer in 1..<10 as Range<UInt16> {
            let block = chain.extend(parent, view: 2) { $0.proposer = ReplicaID(proposer) }
            _ = replica.receive(Frame.encode(Message.proposal(world.proposal(block))), from: ReplicaID(proposer))
        }
        #expect(replica.core.footprint.parkedProposals == 4)
    }
}
