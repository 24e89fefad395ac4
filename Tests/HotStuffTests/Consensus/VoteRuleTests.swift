import HotStuff
import Testing

/// Clauses V1 to V5 and the repeated question.
@Suite("SafetyRules.vote")
struct VoteRuleTests {
    let world = World(4)
    let chain: TestChain
    var verifier: MessageVerifier
    var rules: SafetyRules

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
        rules = world.rules()
    }

    /// Takes the rules to the view after a block's, and returns what they say to a child of it.
    private mutating func vote(for block: Block, on parent: Block, judgement: Digest = .zero) throws -> VoteStatement {
        rules.observe(try verifier.verified(block.justify))
        let checked = try verifier.verify(block)
        return try rules.vote(for: checked, after: nil, on: chain.ancestry(of: parent), nextValidatorSet: judgement)
    }

    @Test("V1 to V5: an honest block gets a vote that says what the block is")
    mutating func acceptsHonestBlock() throws {
        let block = chain.extend(chain.genesis, view: 1)
        let statement = try vote(for: block, on: chain.genesis)
        #expect(statement == chain.statement(block))
        #expect(rules.record.lastVote == statement)
        #expect(rules.record.lastVotedView == View(1))
    }

    @Test("V1: a block of another chain is not checked against this committee, and not voted for")
    mutating func refusesOtherChain() throws {
        let other = World(4, name: "other")
        let block = TestChain(other).extend(other.committee.genesis, view: 1)
        var foreign = other.verifier()
        let checked = try foreign.verify(block)
        #expect(throws: VoteRefusal.wrongChain) {
            try rules.vote(for: checked, after: nil, on: chain.ancestry(of: chain.genesis), nextValidatorSet: .zero)
        }
    }

    @Test("V1: a block of another epoch is refused")
    mutating func refusesOtherEpoch() throws {
        let committee = Committee(
            chain: world.committee.chain,
            epoch: Epoch(1),
            validators: world.committee.validators,
            genesis: chain.genesis.header
        )
        var later = MessageVerifier(committee: committee, parameters: world.parameters, verifier: IdealSignatures())
        let block = chain.extend(chain.genesis, view: 1, justify: committee.genesisCertificate) { $0.epoch = Epoch(1) }
        let checked = try later.verify(block)
        #expect(throws: VoteRefusal.wrongEpoch) {
            try rules.vote(for: checked, after: nil, on: chain.ancestry(of: chain.genesis), nextValidatorSet: .zero)
        }
    }

    @Test("V1: a block of an earlier or later view than mine is refused", arguments: [UInt64(2), 3, 1_000, .max])
    mutating func refusesOtherView(view: UInt64) throws {
        let block = chain.extend(chain.genesis, view: view)
        #expect(throws: VoteRefusal.wrongView) { try vote(for: block, on: chain.genesis) }
    }

    @Test("V1: a block of a replica that does not lead the view is refused", arguments: [UInt16(0), 2, 3])
    mutating func refusesOtherLeader(proposer: UInt16) throws {
        let block = chain.extend(chain.genesis, view: 1) { $0.proposer = ReplicaID(proposer) }
        #expect(throws: VoteRefusal.wrongLeader) { try vote(for: block, on: chain.genesis) }
    }

    @Test("V2: a second block of a view gets no vote")
    mutating func refusesSecondBlock() throws {
        let first = try vote(for: chain.extend(chain.genesis, view: 1), on: chain.genesis)
        let second = chain.extend(chain.genesis, view: 1, [World.command(1)])
        #expect(throws: VoteRefusal.alreadyVoted) { try vote(for: second, on: chain.genesis) }
        #expect(rules.record.lastVote == first)
    }

    @Test("V2: a view that was given up gets no vote; one that was voted in may be given up")
    mutating func refusesAfterTimeout() throws {
        let block = chain.extend(chain.genesis, view: 1)
        _ = try rules.timeOut(View(1))
        #expect(throws: VoteRefusal.timedOut) { try vote(for: block, on: chain.genesis) }
        rules = world.rules()
        _ = try vote(for: block, on: chain.genesis)
        #expect(try rules.timeOut(View(1)).view == View(1))
    }

    @Test("V2: both marks hold after a restart")
    mutating func remembersOverRestart() throws {
        let block = chain.extend(chain.genesis, view: 1)
        _ = try vote(for: block, on: chain.genesis)
        let second = chain.extend(chain.genesis, view: 1, [World.command(1)])
        rules = try reborn(rules)
        #expect(throws: VoteRefusal.alreadyVoted) { try vote(for: second, on: chain.genesis) }
        rules = world.rules()
        _ = try rules.timeOut(View(1))
        rules = try reborn(rules)
        #expect(throws: VoteRefusal.timedOut) { try vote(for: block, on: chain.genesis) }
    }

    @Test("a repeated question is answered with the stored vote, also after a restart and after the view")
    mutating func repeatsVote() throws {
        let block = chain.extend(chain.genesis, view: 1)
        let first = try vote(for: block, on: chain.genesis)
        #expect(try vote(for: block, on: chain.genesis) == first)
        rules = try reborn(rules)
        #expect(try vote(for: block, on: chain.genesis) == first)
        rules.observe(try verifier.verified(chain.certificate(block)))
        #expect(try vote(for: block, on: chain.genesis) == first)
    }

    @Test("V3: a block that is put on another ancestry than its parent's is refused")
    mutating func refusesOtherAncestry() throws {
        let parent = chain.extend(chain.genesis, view: 1)
        let uncle = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let block = chain.extend(parent, view: 2)
        #expect(throws: VoteRefusal.brokenLink) { try vote(for: block, on: uncle) }
        #expect(throws: VoteRefusal.brokenLink) { try vote(for: block, on: chain.genesis) }
    }

    @Test("V3: an ancestry with a gap is refused")
    mutating func refusesBrokenAncestry() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let block = chain.extend(blocks[2], view: 4)
        rules.observe(try verifier.verified(block.justify))
        let checked = try verifier.verify(block)
        #expect(throws: VoteRefusal.brokenLink) {
            try rules.vote(
                for: checked,
                after: nil,
                on: Ancestry(final: chain.genesis, pending: [blocks[0], blocks[2]]),
                nextValidatorSet: .zero
            )
        }
    }

    @Test("V4: a justification below the lock is refused, at the lock it is accepted")
    mutating func respectsLock() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        rules.observe(try verifier.verified(chain.certificate(blocks[2])))
        #expect(rules.record.lockedView == View(2))
        let end = world.timeoutCertificate(3, highest: chain.certificate(blocks[1]))
        rules.observe(try verifier.verified(end))
        let below = chain.extend(blocks[0], view: 4)
        #expect(throws: VoteRefusal.belowLock) { try vote(for: below, on: blocks[0]) }
        let at = chain.extend(blocks[1], view: 4)
        #expect(try vote(for: at, on: blocks[1]).block == at.id)
    }

    @Test("V5: a next validator set that the application does not compute is refused, and a missing one too")
    mutating func judgesValidatorSet() throws {
        let set = Digest.hash(of: [7])
        let block = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        #expect(throws: VoteRefusal.wrongValidatorSet) { try vote(for: block, on: chain.genesis) }
        let plain = chain.extend(chain.genesis, view: 1)
        #expect(throws: VoteRefusal.wrongValidatorSet) { try vote(for: plain, on: chain.genesis, judgement: set) }
        #expect(try vote(for: block, on: chain.genesis, judgement: set).block == block.id)
    }

    @Test("V5: below an epoch's end that is not final a block is empty and changes no set")
    mutating func keepsSuffixEmpty() throws {
        let set = Digest.hash(of: [7])
        let end = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        let full = chain.extend(end, view: 2, [World.command(1)])
        #expect(throws: VoteRefusal.afterEpochEnd) { try vote(for: full, on: end) }
        let changing = chain.extend(end, view: 2) { $0.nextValidatorSet = set }
        #expect(throws: VoteRefusal.afterEpochEnd) { try vote(for: changing, on: end, judgement: set) }
        let empty = chain.extend(end, view: 2)
        #expect(try vote(for: empty, on: end).block == empty.id)
    }

    /// The rules after a restart that finds all that was durable with the last statement.
    private mutating func reborn(_ rules: SafetyRules) throws -> SafetyRules {
        SafetyRules(
            committee: world.committee,
            replica: rules.replica,
            leaders: world.schedule,
            rule: .threeChain,
            record: try SafetyRecord(decoding: rules.record.encoded),
            certificates: try verifier.verify(rules.certificates.content)
        )
    }
}
