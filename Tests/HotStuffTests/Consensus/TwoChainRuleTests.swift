import HotStuff
import Testing

/// Clauses V4, L1, C2 and T1 of a chain that makes blocks final after two.
@Suite("The two-chain rule")
struct TwoChainRuleTests {
    let world = World(4, parameters: ChainParameters(commitRule: .twoChain))
    let chain: TestChain
    var verifier: MessageVerifier
    var rules: SafetyRules

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
        rules = world.rules()
    }

    /// Takes the rules to the view after a block's certificate, or after timeouts, and asks them for a vote.
    private mutating func vote(
        for block: Block,
        on parent: Block,
        after timeout: TimeoutCertificate? = nil
    ) throws -> VoteStatement {
        rules.observe(try verifier.verified(block.justify))
        let timeout = try timeout.map { try verifier.verified($0) }
        if let timeout { rules.observe(timeout) }
        return try rules.vote(
            for: try verifier.verify(block),
            after: timeout,
            on: chain.ancestry(of: parent),
            nextValidatorSet: .zero
        )
    }

    /// Takes the rules to a view by timeouts that name nothing.
    private mutating func giveUp(_ view: UInt64) throws -> Verified<TimeoutCertificate> {
        let end = try verifier.verified(world.timeoutCertificate(view, highest: chain.genesis.justify))
        rules.observe(end)
        return end
    }

    // MARK: V4

    @Test("V4: a block of the view after its certificate's needs no timeout certificate")
    mutating func followsDirectly() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for (parent, block) in zip([chain.genesis] + blocks, blocks) {
            #expect(try vote(for: block, on: parent) == chain.statement(block))
        }
    }

    @Test("V4: a block that skips views is refused without a timeout certificate, also by one who has one of its own")
    mutating func refusesUnexplainedGap() throws {
        _ = try giveUp(1)
        let block = chain.extend(chain.genesis, view: 2)
        #expect(throws: VoteRefusal.unexplainedGap) { try vote(for: block, on: chain.genesis) }
        #expect(rules.record.lastVote == nil)
    }

    @Test("V4: the timeout certificate must be of the view before", arguments: [UInt64(1), 2, 4, 5])
    mutating func refusesOtherTimeouts(view: UInt64) throws {
        _ = try giveUp(3)
        let block = chain.extend(chain.genesis, view: 4)
        let other = try verifier.verified(world.timeoutCertificate(view, highest: chain.genesis.justify))
        #expect(throws: VoteRefusal.unexplainedGap) {
            try rules.vote(
                for: try verifier.verify(block),
                after: other,
                on: chain.ancestry(of: chain.genesis),
                nextValidatorSet: .zero
            )
        }
    }

    @Test("V4: a timeout certificate of another epoch explains nothing")
    mutating func refusesOtherEpoch() throws {
        let end = try giveUp(1)
        let committee = Committee(
            chain: world.committee.chain,
            epoch: Epoch(1),
            validators: world.committee.validators,
            genesis: chain.genesis.header
        )
        let timeouts = world.quorum.map {
            world.timeout(1, by: $0, showing: CertificatePair(quorum: end.content.highest, timeout: nil))
        }
        let foreign = TimeoutCertificate(
            chain: committee.chain,
            epoch: committee.epoch,
            view: View(1),
            signatures: SignatureSet(
                timeouts.map { timeout in
                    let statement = TimeoutStatement(
                        chain: committee.chain,
                        epoch: committee.epoch,
                        view: View(1),
                        highestCertifiedView: .genesis
                    )
                    return (timeout.sender, IdealSignatures.sign(statement.digest, by: timeout.sender))
                }
            ),
            certifiedViews: timeouts.map { _ in .genesis },
            highest: committee.genesisCertificate
        )
        var later = MessageVerifier(committee: committee, parameters: world.parameters, verifier: IdealSignatures())
        let checked = try later.verified(foreign)
        let block = try verifier.verify(chain.extend(chain.genesis, view: 2))
        #expect(throws: VoteRefusal.unexplainedGap) {
            try rules.vote(for: block, after: checked, on: chain.ancestry(of: chain.genesis), nextValidatorSet: .zero)
        }
        #expect(
            try rules.vote(for: block, after: end, on: chain.ancestry(of: chain.genesis), nextValidatorSet: .zero).view
                == View(2)
        )
    }

    @Test("V4: a certificate below the highest that the timeouts name is refused, although no lock forbids it")
    mutating func respectsTimeouts() throws {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        // The certificate that the timeouts show is not observed here: safety trusts no caller to have done that.
        let end = try verifier.verified(world.timeoutCertificate(3, highest: chain.certificate(blocks[1])))
        _ = try giveUp(3)
        let below = try verifier.verify(chain.extend(blocks[0], view: 4))
        rules.observe(below.justify)
        #expect(rules.record.lockedView == View(1))
        #expect(throws: VoteRefusal.belowTimeouts) {
            try rules.vote(for: below, after: end, on: chain.ancestry(of: blocks[0]), nextValidatorSet: .zero)
        }
    }

    @Test("V4: a certificate that is the highest in the timeouts, or above it, is enough", arguments: [0, 1])
    mutating func acceptsHighest(named: Int) throws {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        let end = world.timeoutCertificate(3, highest: chain.certificate(blocks[named]))
        let block = chain.extend(blocks[1], view: 4)
        #expect(try vote(for: block, on: blocks[1], after: end).parentView == View(2))
    }

    @Test("V4: a timeout certificate does not lift the lock; at the lock a vote is given")
    mutating func respectsLock() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        let end = world.timeoutCertificate(4, highest: chain.certificate(blocks[1]))
        let below = chain.extend(blocks[1], view: 5)
        #expect(throws: VoteRefusal.belowLock) { try vote(for: below, on: blocks[1], after: end) }
        let at = chain.extend(blocks[2], view: 5)
        #expect(try vote(for: at, on: blocks[2], after: end).block == at.id)
    }

    @Test("a repeated question is answered with the stored vote, whatever certificate comes with it")
    mutating func repeatsVote() throws {
        let end = world.timeoutCertificate(1, highest: chain.genesis.justify)
        let block = chain.extend(chain.genesis, view: 2)
        let first = try vote(for: block, on: chain.genesis, after: end)
        #expect(try vote(for: block, on: chain.genesis) == first)
        rules = try reborn()
        #expect(try vote(for: block, on: chain.genesis) == first)
    }

    // MARK: L1

    @Test("L1: a certificate locks its own block, and old ones never take the lock back")
    mutating func locksBlock() throws {
        let blocks = chain.extend(chain.genesis, views: 1...4)
        for block in blocks {
            rules.observe(try verifier.verified(chain.certificate(block)))
            #expect(rules.record.lockedView == block.view)
        }
        for block in blocks.reversed() { rules.observe(try verifier.verified(chain.certificate(block))) }
        #expect(rules.record.lockedView == View(4))
    }

    @Test("L1: the certificate in a timeout certificate locks too")
    mutating func locksByTimeouts() throws {
        let block = chain.extend(chain.genesis, view: 1)
        rules.observe(try verifier.verified(world.timeoutCertificate(2, highest: chain.certificate(block))))
        #expect(rules.record.lockedView == View(1))
    }

    @Test("L1: the lock of a vote holds after a restart without any certificate")
    mutating func lockIsDurable() throws {
        let blocks = chain.extend(chain.genesis, views: 1...4)
        for (parent, block) in zip([chain.genesis] + blocks, blocks) { _ = try vote(for: block, on: parent) }
        #expect(rules.record.lockedView == View(3))
        let reborn = SafetyRules(
            committee: world.committee,
            replica: rules.replica,
            leaders: world.schedule,
            rule: .twoChain,
            record: try SafetyRecord(decoding: rules.record.encoded)
        )
        #expect(reborn.record.lockedView == View(3))
    }

    // MARK: T1 and A1

    @Test("T1: a timeout names the highest certificate, which is the lock")
    mutating func namesLock() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        let statement = try rules.timeOut(View(4))
        #expect(statement.highestCertifiedView == View(3))
        #expect(statement.highestCertifiedView == rules.record.lockedView)
    }

    @Test("T1: a replica that lost the certificate on which it is locked gives up nothing")
    mutating func refusesBelowLock() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        let record = rules.record
        rules = SafetyRules(
            committee: world.committee,
            replica: rules.replica,
            leaders: world.schedule,
            rule: .twoChain,
            record: record
        )
        #expect(throws: TimeoutRefusal.belowLock) { try rules.timeOut(View(4)) }
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        #expect(try rules.timeOut(View(4)).highestCertifiedView == View(3))
    }

    @Test("A1: the certificate that ends a forgetful replica's silence is also its lock")
    mutating func locksAfterAmnesia() throws {
        let blocks = chain.extend(chain.genesis, views: 1...5)
        rules.forget(through: View(4))
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        #expect(throws: TimeoutRefusal.amnesia) { try rules.timeOut(View(9)) }
        rules.observe(try verifier.verified(chain.certificate(blocks[3])))
        #expect(rules.record.forgottenThrough == nil && rules.record.lockedView == View(4))
        #expect(try vote(for: blocks[4], on: blocks[3]).view == View(5))
    }

    // MARK: C2

    private func commits(_ block: Block, on parent: Block) -> Digest? {
        CommitRule.twoChain.commits(block.header, on: chain.ancestry(of: parent))
    }

    @Test("C2: two blocks of consecutive views make the first final")
    func commitsFirstOfTwo() {
        let blocks = chain.extend(chain.genesis, views: 5...6)
        #expect(commits(blocks[1], on: blocks[0]) == blocks[0].id)
        #expect(chain.statement(blocks[1]).commits == blocks[0].id)
    }

    @Test("C2: a gap between the two makes nothing final, one below them does not matter")
    func needsConsecutiveViews() {
        let first = chain.extend(chain.genesis, view: 5)
        let second = chain.extend(first, view: 7)
        #expect(commits(first, on: chain.genesis) == nil)
        #expect(commits(second, on: first) == nil)
        let third = chain.extend(second, view: 8)
        #expect(commits(third, on: second) == second.id)
    }

    @Test("C2: the genesis counts as a block of view 0, and is final in itself")
    func startsAtGenesis() {
        #expect(commits(chain.extend(chain.genesis, view: 1), on: chain.genesis) == chain.genesis.id)
    }

    @Test("C2: all replicas say the same of a block, however much of its chain is final for them")
    func doesNotDependOnTheRoot() {
        let blocks = chain.extend(chain.genesis, views: 1...6)
        for root in 0..<5 {
            let ancestry = Ancestry(final: blocks[root], pending: Array(blocks[(root + 1)..<5]))
            #expect(CommitRule.twoChain.commits(blocks[5].header, on: ancestry) == blocks[4].id)
        }
    }

    @Test("an epoch's end becomes final itself, when C2 makes it final or a block above it")
    func commitsEpochEnd() {
        let end = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = Digest.hash(of: [7]) }
        let blocks = chain.extend(end, views: 2...3)
        #expect(commits(blocks[0], on: end) == end.id)
        #expect(commits(blocks[1], on: blocks[0]) == end.id)
        let over = chain.extend(end, view: 3)
        #expect(commits(over, on: end) == nil)
        #expect(commits(chain.extend(over, view: 4), on: over) == end.id)
    }

    private mutating func reborn() throws -> SafetyRules {
        SafetyRules(
            committee: world.committee,
            replica: rules.replica,
            leaders: world.schedule,
            rule: .twoChain,
            record: try SafetyRecord(decoding: rules.record.encoded),
            certificates: try verifier.verify(rules.certificates.content)
        )
    }
}
