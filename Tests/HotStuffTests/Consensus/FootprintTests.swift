import HotStuff
import Testing

@Suite("What a core holds")
struct FootprintTests {
    private let world = World(7)
    private let chain: TestChain
    private let replica: TestReplica
    private let settings = ConsensusSettings(
        maximumPendingCommands: 50,
        maximumPendingBytes: 1 << 20,
        rememberedCommands: 100
    )

    init() {
        chain = TestChain(world)
        replica = TestReplica(world: world, id: 0, settings: settings, oracle: Oracle())
    }

    private var limit: Footprint {
        Footprint.limit(validatorCount: 7, settings: settings, parameters: world.parameters)
    }

    private func tell(_ message: Message, from sender: Int) {
        _ = replica.receive(Frame.encode(message), from: ReplicaID(UInt16(sender)))
    }

    /// What everybody can send without a quorum: commands, votes for any view, and from two liars timeouts of absurd views.
    private func flood(_ view: UInt64, on block: Block) {
        tell(.commands([World.command(1_000_000 + view, byteCount: 40)]), from: 1)
        _ = replica.handle(.submitted([World.command(2_000_000 + view)]))
        let honest = chain.statement(block)
        for sender in 1..<7 {
            let statement = VoteStatement(
                chain: honest.chain,
                epoch: honest.epoch,
                view: View(view + UInt64(sender) * 100),
                block: Digest.hash(of: [UInt8(sender)]),
                height: honest.height,
                parentView: honest.parentView,
                commits: nil
            )
            tell(.vote(world.vote(statement, by: sender)), from: sender)
        }
        let certificates = CertificatePair(quorum: chain.genesis.justify, timeout: nil)
        for liar in 5...6 {
            tell(.timeout(world.timeout(1_000_000 + view, by: liar, showing: certificates)), from: liar)
        }
    }

    @Test("stays within the limit of its configuration, whatever is sent and however long its disk stands still")
    func flooded() {
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        var most = Footprint()
        var tip = chain.genesis
        // First a chain that grows and whose results are claimed but never executed here: the disk, the signer and the
        // executor of this replica stand still. Then only views that fail, each with a block beside those of the others.
        for view in 1...1_000 as ClosedRange<UInt64> where world.leader(view) != replica.id {
            let grows = view <= 330
            let timeout =
                view == 1 || (grows && tip.view.rawValue == view - 1)
                ? nil : world.timeoutCertificate(view - 1, highest: chain.certificate(tip))
            let claim = ExecutedState(
                height: Height(max(tip.height.rawValue, 3) - 3),
                digest: tip.height.rawValue <= 3 ? ExecutedState.genesis.digest : Digest.hash(of: [7])
            )
            let block = chain.extend(tip, view: view, [World.command(view)]) { $0.executed = claim }
            tell(.proposal(world.proposal(block, after: timeout)), from: block.header.proposer.index)
            flood(view, on: block)
            _ = replica.handle(.clock(now: Instant(view * 600_000_000), wall: Timestamp(1_000)))
            let footprint = replica.core.footprint
            #expect(footprint.exceeding(limit).isEmpty, "view \(view)")
            most.pendingBlocks = max(most.pendingBlocks, footprint.pendingBlocks)
            most.openClaims = max(most.openClaims, footprint.openClaims)
            most.heldStatements = max(most.heldStatements, footprint.heldStatements)
            if grows { tip = block }
        }
        #expect(replica.halt == nil)
        let end = replica.core.footprint
        #expect(most.pendingBlocks > 500)
        #expect(most.openClaims == limit.openClaims)
        #expect(most.heldStatements == limit.heldStatements)
        #expect(end.committedNames > CommittedHistory.capacity)
        #expect(end.votes == 6 * VoteCollector.places)
        #expect(end.pendingCommands == 50)
        #expect(end.rememberedKeys == 100)
        #expect(end.seenProposals == limit.seenProposals)
    }

    @Test("each count above its limit is named with both numbers")
    func naming() {
        var footprint = limit
        #expect(footprint.exceeding(limit).isEmpty)
        footprint.votes += 1
        footprint.rememberedKeys = 101
        #expect(footprint.exceeding(limit) == ["votes: 29, allowed are 28", "rememberedKeys: 101, allowed are 100"])
        #expect(Footprint().exceeding(Footprint()).isEmpty)
    }
}
