import HotStuff
import Testing

@Suite("Double proposals where many propose in one view")
struct SeenProposalTests {
    private let world = World(12, parameters: ChainParameters(leaderElection: .proofOfWork(difficulty: 4)))
    private let chain: TestChain
    private let replica: TestReplica

    init() {
        chain = TestChain(world)
        replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_700_000_000_000))
    }

    private func block(_ view: UInt64, by proposer: UInt16, on parent: Block? = nil, _ number: UInt64) -> Block {
        chain.extend(parent ?? chain.genesis, view: view, [World.command(number)]) {
            $0.proposer = ReplicaID(proposer)
            $0.solve(4)
        }
    }

    @discardableResult
    private func hear(_ block: Block) -> [Effect] {
        replica.receive(Frame.encode(Message.proposal(world.proposal(block))), from: block.header.proposer)
    }

    private func reports(_ effects: [Effect]) -> [Evidence] {
        effects.compactMap { if case .report(let evidence) = $0 { evidence } else { nil } }
    }

    @Test("each of eleven who solve one view's puzzles is known when it makes a second block, and reported once")
    func everybody() {
        let first = (1..<12).map { block(1, by: $0, UInt64($0)) }
        for block in first { #expect(reports(hear(block)).isEmpty) }
        #expect(replica.core.safetyRecord.lastVote?.block == first[0].id)
        for proposer in 1..<12 as Range<UInt16> {
            let second = block(1, by: proposer, 100 + UInt64(proposer))
            let known = first[Int(proposer) - 1]
            #expect(reports(hear(second)) == [.proposals(world.proposal(known), world.proposal(second))])
            #expect(reports(hear(block(1, by: proposer, 200 + UInt64(proposer)))).isEmpty)
        }
        #expect(replica.core.safetyRecord.lastVote?.block == first[0].id)
        let limit = Footprint.limit(
            validatorCount: 12,
            settings: ConsensusSettings(),
            parameters: world.parameters
        )
        #expect(replica.core.footprint.seenProposals == 11 && replica.core.footprint.exceeding(limit).isEmpty)
    }

    @Test("who is found out in a high view hides nobody else's double proposal in a lower one")
    func lower() throws {
        let parent = block(1, by: 1, 1)
        hear(parent)
        let late = block(1, by: 4, 4)
        hear(late)
        hear(block(2, by: 2, on: parent, 2))
        #expect(reports(hear(block(2, by: 2, on: parent, 3))).count == 1)
        #expect(replica.core.view == View(2))
        #expect(reports(hear(block(1, by: 4, 5))).count == 1)
    }

    @Test("over many views no more is held than one proposal of each replica")
    func bounded() {
        var tip = chain.genesis
        for view in 1...6 as ClosedRange<UInt64> {
            let blocks = (1..<12).map { block(view, by: $0, on: tip, 1_000 * view + UInt64($0)) }
            for block in blocks { hear(block) }
            #expect(replica.core.footprint.seenProposals <= 12)
            tip = blocks[Int(view)]
        }
        #expect(replica.core.view == View(6) && replica.core.footprint.seenProposals > 8)
    }

    @Test("when a view fails, the commands of all its blocks are made known again, of however many there were")
    func commands() {
        _ = replica.handle(.submitted((1...11).map { World.command($0) }))
        for proposer in 1..<12 as Range<UInt16> { hear(block(1, by: proposer, UInt64(proposer))) }
        _ = replica.handle(.clock(now: Instant(60_000), wall: Timestamp(1_700_000_000_060)))
        var effects = replica.handle(.clock(now: Instant(1_000_000), wall: Timestamp(1_700_000_001_000)))
        #expect(effects.contains(.gaveUp(View(1))))
        for time in stride(from: 1_010_000 as UInt64, through: 1_200_000, by: 10_000) {
            effects += replica.handle(.clock(now: Instant(time), wall: Timestamp(1_700_000_001_100)))
        }
        let told = effects.flatMap { effect -> [Command] in
            if case .say(.commands(let commands), _) = effect { commands } else { [] }
        }
        #expect(Set(told.map(\.key)).count == 11)
    }
}
