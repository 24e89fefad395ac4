import HotStuff
import Testing

@Suite("Recovery")
struct RecoveryTests {
    let world = World(4)
    let chain: TestChain
    let blocks: [Block]
    var recovery: Recovery

    init() {
        chain = TestChain(world)
        blocks = chain.extend(chain.genesis, views: 1...6)
        recovery = Recovery(committee: world.committee)
    }

    private func commit(_ block: Block) -> JournalRecord { .commit(height: block.height, block: block.id) }

    @Test("an empty journal gives a replica that has done nothing")
    mutating func empty() throws {
        var verifier = world.verifier()
        let state = try recovery.state(verifier: &verifier, executed: [.genesis], position: .start)
        #expect(state.committed == chain.genesis)
        #expect(state.record == SafetyRecord(epoch: .first, genesis: .genesis))
        #expect(state.pending.isEmpty)
        #expect(state.timeoutCertificates == nil)
    }

    @Test("committed blocks come out in order, and what is above them stays")
    mutating func commits() throws {
        for block in blocks { #expect(try recovery.apply(.block(block)) == nil) }
        #expect(try recovery.apply(commit(blocks[0])) == blocks[0])
        #expect(try recovery.apply(commit(blocks[1])) == blocks[1])
        #expect(recovery.committedHead == blocks[1])
        #expect(recovery.pending == Array(blocks[2...]))
        #expect(recovery.certificates.quorum == blocks[5].justify)
    }

    @Test("blocks beside the committed chain are forgotten with it, and so memory is bounded")
    mutating func forgets() throws {
        let fork = chain.extend(blocks[0], view: 9)
        for block in blocks + [fork] { _ = try recovery.apply(.block(block)) }
        for block in blocks { _ = try recovery.apply(commit(block)) }
        #expect(recovery.pending.isEmpty)
        #expect(try recovery.apply(.block(fork)) == nil)
        #expect(recovery.pending.isEmpty)
    }

    @Test("the commit of a block that was never recorded is an error")
    mutating func unknownBlock() throws {
        #expect(throws: RecoveryError.unknownBlock(height: Height(1), block: blocks[0].id)) {
            try recovery.apply(commit(blocks[0]))
        }
    }

    @Test("a commit that skips a height, names another, or repeats one is an error")
    mutating func brokenChain() throws {
        for block in blocks { _ = try recovery.apply(.block(block)) }
        #expect(throws: RecoveryError.brokenChain(height: Height(2), block: blocks[1].id)) {
            try recovery.apply(commit(blocks[1]))
        }
        let misnamed = JournalRecord.commit(height: Height(2), block: blocks[0].id)
        #expect(throws: RecoveryError.brokenChain(height: Height(2), block: blocks[0].id)) {
            try recovery.apply(misnamed)
        }
        _ = try recovery.apply(commit(blocks[0]))
        #expect(throws: RecoveryError.brokenChain(height: Height(1), block: blocks[0].id)) {
            try recovery.apply(commit(blocks[0]))
        }
    }

    @Test("the certificates of the last timeout are those of the moment of its record, not the highest")
    mutating func timeoutCertificates() throws {
        var rules = world.rules()
        var verifier = world.verifier()
        let certificate = chain.certificate(blocks[1])
        rules.observe(try verifier.verified(certificate))
        let end = world.timeoutCertificate(3, highest: certificate)
        rules.observe(try verifier.verified(end))
        _ = try rules.timeOut(View(4))
        let record = rules.record
        for entry in [.quorumCertificate(certificate), .timeoutCertificate(end), .safety(record)] as [JournalRecord] {
            _ = try recovery.apply(entry)
        }
        let higher = chain.certificate(blocks[4])
        _ = try recovery.apply(.quorumCertificate(higher))
        var later = record
        later.lastVotedView = View(6)
        _ = try recovery.apply(.safety(later))
        #expect(recovery.timeoutCertificates == CertificatePair(quorum: certificate, timeout: end))
        #expect(recovery.certificates == CertificatePair(quorum: higher, timeout: nil))
        #expect(recovery.record == later)
    }

    /// Found by the simulator: the proposal was sent again without the certificate that justifies it, and refused by all.
    @Test(
        "a proposal is sent again with the timeout certificate that it left with, also if its view was certified since"
    )
    mutating func proposalCertificate() throws {
        let certificate = chain.certificate(blocks[1])
        let entry = world.timeoutCertificate(4, highest: certificate)
        let block = chain.extend(blocks[1], view: 5, justify: certificate)
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.lastProposal = ProposalStatement(proposing: block.header, id: block.id)
        for entry in [
            .block(blocks[0]), .block(blocks[1]), .block(block), .timeoutCertificate(entry), .safety(record),
        ] as [JournalRecord] {
            _ = try recovery.apply(entry)
        }
        // The quorum certificate of view 4 comes late: it takes the place of the timeout certificate of that view.
        let rival = chain.extend(blocks[1], view: 4, justify: certificate)
        _ = try recovery.apply(.quorumCertificate(chain.certificate(rival)))
        record.lastTimedOutView = View(5)
        _ = try recovery.apply(.safety(record))
        #expect(recovery.certificates.timeout == nil)
        var verifier = world.verifier()
        let state = try recovery.state(verifier: &verifier, executed: [.genesis], position: JournalPosition(7))
        #expect(state.proposalCertificate == entry)

        var core = world.core(1, recovered: state)
        var effects: [Effect] = []
        core.start(now: Instant(0), wall: Timestamp(0), into: &effects)
        for case .sign(let request) in effects {
            core.handle(.signed(request.number, IdealSignatures.sign(request.digest, by: ReplicaID(1))), into: &effects)
        }
        let sent = effects.compactMap { effect -> Proposal? in
            if case .send(let released, _) = effect, case .proposal(let proposal) = released.message {
                proposal
            } else {
                nil
            }
        }
        #expect(sent.map(\.timeoutCertificate) == [entry])
        for proposal in sent { _ = try verifier.verify(.proposal(proposal), from: ReplicaID(1)) }
    }

    @Test("a record of another epoch, or one that goes back, is an error")
    mutating func safety() throws {
        #expect(throws: RecoveryError.wrongEpoch(Epoch(4))) {
            try recovery.apply(.safety(SafetyRecord(epoch: Epoch(4), genesis: .genesis)))
        }
        _ = try recovery.apply(.safety(SafetyRecord(epoch: .first, genesis: View(5))))
        for change in [\SafetyRecord.lastVotedView, \.lastTimedOutView, \.lockedView] {
            var back = SafetyRecord(epoch: .first, genesis: View(5))
            back[keyPath: change] = View(4)
            #expect(throws: RecoveryError.wentBack) { try recovery.apply(.safety(back)) }
        }
    }

    @Test("a certificate in the journal that is not valid does not come back to life")
    mutating func verifiesCertificates() throws {
        _ = try recovery.apply(.quorumCertificate(chain.certificate(blocks[2], by: [0])))
        var verifier = world.verifier()
        #expect(throws: VerificationFailure.noQuorum) {
            try recovery.state(verifier: &verifier, executed: [.genesis], position: JournalPosition(1))
        }
    }

    @Test("a vote on a parent that was never voted for leaves both in the journal, in order")
    func journalsAncestors() throws {
        let oracle = Oracle()
        let replica = TestReplica(world: world, id: 3, settings: ConsensusSettings(), oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(0))
        _ = replica.handle(.submitted([World.command(1)]))
        // It gives up view 1, then hears of its block, and votes for the child in view 2.
        _ = replica.handle(.clock(now: Instant(2_000_000), wall: Timestamp(0)))
        let parent = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let child = chain.extend(parent, view: 2)
        for block in [parent, child] {
            let bytes = Frame.encode(Message.proposal(world.proposal(block)))
            _ = replica.receive(bytes, from: block.header.proposer)
        }
        #expect(replica.core.safetyRecord.lastVote?.block == child.id)
        let recorded = replica.journal.compactMap { if case .block(let block) = $0 { block.id } else { nil } }
        #expect(recorded == [parent.id, child.id])
        var recovery = Recovery(committee: world.committee)
        for record in replica.journal { _ = try recovery.apply(record) }
        #expect(recovery.pending.map(\.id) == [parent.id, child.id])
        #expect(oracle.violations.isEmpty)
    }
}
