import HotStuff
import Testing

/// Clauses L1, P1 and T1.
@Suite("SafetyRules.observe, propose and timeOut")
struct LockAndTimeoutRuleTests {
    let world = World(4)
    let chain: TestChain
    var verifier: MessageVerifier
    var rules: SafetyRules

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
        rules = world.rules(1)
    }

    @Test("L1: a certificate locks its block's parent, not the block")
    mutating func locksParent() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for (block, lock) in zip(blocks, [0, 1, 2]) {
            rules.observe(try verifier.verified(chain.certificate(block)))
            #expect(rules.record.lockedView == View(UInt64(lock)))
        }
    }

    @Test("L1: old certificates, in any order, never take the lock back")
    mutating func neverUnlocks() throws {
        let blocks = chain.extend(chain.genesis, views: 1...6)
        rules.observe(try verifier.verified(chain.certificate(blocks[5])))
        #expect(rules.record.lockedView == View(5))
        for block in blocks + blocks.reversed() {
            rules.observe(try verifier.verified(chain.certificate(block)))
            rules.observe(
                try verifier.verified(
                    world.timeoutCertificate(block.view.rawValue + 1, highest: chain.certificate(block))
                )
            )
            #expect(rules.record.lockedView == View(5))
            #expect(rules.certificates.content.quorum.view == View(6))
        }
    }

    @Test("L1: the lock of a vote is in the vote's record and holds after a restart without any certificate")
    mutating func lockIsDurable() throws {
        let blocks = chain.extend(chain.genesis, views: 1...4)
        for (parent, block) in zip([chain.genesis] + blocks, blocks) {
            rules.observe(try verifier.verified(block.justify))
            _ = try rules.vote(
                for: try verifier.verify(block),
                after: nil,
                on: chain.ancestry(of: parent),
                nextValidatorSet: .zero
            )
        }
        #expect(rules.record.lockedView == View(2))
        let reborn = SafetyRules(
            committee: world.committee,
            replica: rules.replica,
            leaders: world.schedule,
            rule: .threeChain,
            record: try SafetyRecord(decoding: rules.record.encoded)
        )
        #expect(reborn.record.lockedView == View(2))
    }

    @Test("a certificate of another epoch changes nothing")
    mutating func ignoresOtherEpochs() throws {
        let committee = Committee(
            chain: world.committee.chain,
            epoch: Epoch(1),
            validators: world.committee.validators,
            genesis: chain.extend(chain.genesis, view: 40).header
        )
        let before = rules.record
        rules.observe(Verified<QuorumCertificate>(genesisOf: committee))
        #expect(rules.record == before)
        #expect(rules.view == View(1))
    }

    @Test("only a certificate moves the view: by one past the highest")
    mutating func movesByCertificates() throws {
        #expect(rules.view == View(1))
        let far = chain.extend(chain.genesis, view: 1_000_000)
        rules.observe(try verifier.verified(chain.certificate(far)))
        #expect(rules.view == View(1_000_001))
        let end = world.timeoutCertificate(5_000_000, highest: chain.certificate(far))
        rules.observe(try verifier.verified(end))
        #expect(rules.view == View(5_000_001))
    }

    @Test("a certificate for the last view there is traps nothing and moves no further")
    mutating func survivesLastView() throws {
        let last = chain.extend(chain.genesis, view: .max)
        rules.observe(try verifier.verified(chain.certificate(last)))
        #expect(rules.view == View(.max))
        #expect(throws: TimeoutRefusal.viewIsOver) { try rules.timeOut(View(.max)) }
    }

    @Test("P1: one proposal in a view; the same one again is the stored one")
    mutating func proposesOnce() throws {
        let block = chain.extend(chain.genesis, view: 1)
        let first = try rules.propose(try verifier.verify(block), on: chain.ancestry(of: chain.genesis))
        #expect(try rules.propose(try verifier.verify(block), on: chain.ancestry(of: chain.genesis)) == first)
        let other = try verifier.verify(chain.extend(chain.genesis, view: 1, [World.command(1)]))
        #expect(throws: ProposalRefusal.alreadyProposed) {
            try rules.propose(other, on: chain.ancestry(of: chain.genesis))
        }
        #expect(rules.record.lastProposal == first)
    }

    @Test("P1: no proposal for a view that I do not lead or am not in")
    mutating func proposesOwnViewsOnly() throws {
        let later = try verifier.verify(chain.extend(chain.genesis, view: 5))
        #expect(throws: ProposalRefusal.wrongView) { try rules.propose(later, on: chain.ancestry(of: chain.genesis)) }
        rules = world.rules(2)
        let another = try verifier.verify(chain.extend(chain.genesis, view: 1))
        #expect(throws: ProposalRefusal.notTheLeader) {
            try rules.propose(another, on: chain.ancestry(of: chain.genesis))
        }
        rules = world.rules(1)
        let forged = try verifier.verify(chain.extend(chain.genesis, view: 1) { $0.proposer = ReplicaID(2) })
        #expect(throws: ProposalRefusal.notTheLeader) {
            try rules.propose(forged, on: chain.ancestry(of: chain.genesis))
        }
    }

    @Test("P1: a block of another chain is not proposed")
    mutating func proposesOwnChainOnly() throws {
        let other = World(4, name: "other")
        var foreign = other.verifier()
        let block = try foreign.verify(TestChain(other).extend(other.committee.genesis, view: 1))
        #expect(throws: ProposalRefusal.wrongEpoch) { try rules.propose(block, on: chain.ancestry(of: chain.genesis)) }
    }

    @Test("T1: a timeout names my highest certificate and forbids votes at its view")
    mutating func namesHighest() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        let statement = try rules.timeOut(View(4))
        #expect(statement.view == View(4))
        #expect(statement.highestCertifiedView == View(3))
        #expect(statement.highestCertifiedView >= rules.record.lockedView)
        #expect(rules.record.lastTimedOutView == View(4))
    }

    @Test("T1: a repeated timeout is the stored one, although a higher certificate has been seen since")
    mutating func repeatsTimeout() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[1])))
        let first = try rules.timeOut(View(5))
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        #expect(try rules.timeOut(View(5)) == first)
        #expect(try rules.timeOut(View(4)) == first)
    }

    @Test("T1: a view below my last vote, or one that is over, is not given up")
    mutating func refusesOldViews() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[1])))
        #expect(throws: TimeoutRefusal.viewIsOver) { try rules.timeOut(View(2)) }
        _ = try rules.vote(
            for: try verifier.verify(blocks[2]),
            after: nil,
            on: chain.ancestry(of: blocks[1]),
            nextValidatorSet: .zero
        )
        #expect(throws: TimeoutRefusal.belowVote) { try rules.timeOut(View(2)) }
    }

    @Test("T1: a replica whose certificates are below its lock gives up nothing")
    mutating func refusesBelowLock() throws {
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.lockedView = View(7)
        rules = SafetyRules(
            committee: world.committee,
            replica: ReplicaID(1),
            leaders: world.schedule,
            rule: .threeChain,
            record: record
        )
        #expect(throws: TimeoutRefusal.belowLock) { try rules.timeOut(View(9)) }
    }

    @Test("T1: a view that was given up under a statement no longer kept is not given up again")
    mutating func refusesForgotten() throws {
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.lastTimedOutView = View(7)
        rules = SafetyRules(
            committee: world.committee,
            replica: ReplicaID(1),
            leaders: world.schedule,
            rule: .threeChain,
            record: record
        )
        #expect(throws: TimeoutRefusal.alreadyTimedOut) { try rules.timeOut(View(7)) }
        #expect(try rules.timeOut(View(8)).view == View(8))
    }
}
