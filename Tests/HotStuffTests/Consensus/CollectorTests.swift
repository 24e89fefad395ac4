import HotStuff
import Testing

@Suite("VoteCollector")
struct VoteCollectorTests {
    let world = World(4)
    let chain: TestChain
    var verifier: MessageVerifier
    var votes: VoteCollector

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
        votes = VoteCollector(committee: world.committee)
    }

    private mutating func add(
        _ statement: VoteStatement,
        by voter: Int,
        variant: UInt8 = 0
    ) throws -> VoteCollector.Outcome {
        votes.add(try verifier.verified(world.vote(statement, by: voter, variant: variant)))
    }

    @Test("the vote that completes a quorum makes the certificate, once")
    mutating func completes() throws {
        let statement = chain.statement(chain.extend(chain.genesis, view: 1))
        for voter in [3, 0] { #expect(try add(statement, by: voter).certificate == nil) }
        let certificate = try #require(try add(statement, by: 2).certificate)
        #expect(certificate.content.statement == statement)
        #expect(certificate.content.signatures.signers == [0, 2, 3].map { ReplicaID($0) })
        #expect(try add(statement, by: 1).certificate == nil)
        var other = world.verifier()
        #expect(try other.verified(certificate.content).content == certificate.content)
    }

    @Test("divided votes can make a quorum as long as those who have not voted could all join the most")
    mutating func divided() throws {
        let first = chain.statement(chain.extend(chain.genesis, view: 1, [World.command(1)]))
        let second = chain.statement(chain.extend(chain.genesis, view: 1, [World.command(2)]))
        _ = try add(first, by: 0)
        #expect(votes.conflictingView == .genesis && votes.canCertify(View(1)))
        _ = try add(second, by: 1)
        #expect(votes.conflictingView == View(1) && votes.canCertify(View(1)))
        // Who is gone cannot join.
        #expect(!votes.canCertify(View(1), without: [false, false, true, false]))
        #expect(votes.canCertify(View(1), without: [true, true, false, false]))
        _ = try add(second, by: 0)
        #expect(votes.canCertify(View(1)))
        _ = try add(first, by: 2)
        #expect(votes.canCertify(View(1)))
        _ = try add(second, by: 3)
        #expect(!votes.canCertify(View(1)) && votes.canCertify(View(2)))
    }

    @Test("the same signer counts once, however often and with however many signatures it votes")
    mutating func countsSignersOnce() throws {
        let statement = chain.statement(chain.extend(chain.genesis, view: 1))
        for variant in 0..<20 {
            let outcome = try add(statement, by: 1, variant: UInt8(variant))
            #expect(outcome.certificate == nil && outcome.evidence == nil)
        }
        #expect(votes.count == 1)
        _ = try add(statement, by: 2)
        let certificate = try #require(try add(statement, by: 3).certificate)
        #expect(certificate.content.signatures.count == 3)
        #expect(certificate.content.signatures.signatures[0] == world.vote(statement, by: 1).signature)
    }

    @Test("votes for different statements make no quorum together, also if only what they commit differs")
    mutating func keepsStatementsApart() throws {
        let block = chain.extend(chain.genesis, view: 1)
        let statement = chain.statement(block)
        let other = VoteStatement(
            chain: statement.chain,
            epoch: statement.epoch,
            view: statement.view,
            block: statement.block,
            height: statement.height,
            parentView: statement.parentView,
            commits: block.id
        )
        for (voter, said) in [(0, statement), (1, other), (2, statement)] {
            #expect(try add(said, by: voter).certificate == nil)
        }
        #expect(try add(statement, by: 3).certificate != nil)
    }

    @Test("two statements of one view are evidence once, and the first still counts")
    mutating func reportsEquivocation() throws {
        let first = chain.statement(chain.extend(chain.genesis, view: 1))
        let second = chain.statement(chain.extend(chain.genesis, view: 1, [World.command(1)]))
        #expect(try add(first, by: 1).evidence == nil)
        let evidence = try add(second, by: 1).evidence
        #expect(evidence == .votes(world.vote(first, by: 1), world.vote(second, by: 1)))
        #expect(try add(second, by: 1).evidence == nil)
        #expect(votes.count == 1)
        _ = try add(first, by: 2)
        #expect(try add(first, by: 3).certificate != nil)
    }

    @Test("a flood of votes for future views takes the flooder's few places and nobody else's")
    mutating func boundsMemory() throws {
        let near = chain.statement(chain.extend(chain.genesis, view: 1))
        _ = try add(near, by: 0)
        _ = try add(near, by: 2)
        for view in 2...200 {
            let far = chain.statement(chain.extend(chain.genesis, view: UInt64(view) << 40))
            _ = try add(far, by: 1)
        }
        #expect(votes.count == 2 + VoteCollector.places)
        #expect(try add(near, by: 3).certificate != nil)
    }

    @Test("weights count, not heads")
    func weighs() throws {
        let world = World(4, powers: [1, 1, 1, 7])
        let chain = TestChain(world)
        var votes = VoteCollector(committee: world.committee)
        var verifier = world.verifier()
        let statement = chain.statement(chain.extend(chain.genesis, view: 1))
        for voter in 0..<3 {
            #expect(votes.add(try verifier.verified(world.vote(statement, by: voter))).certificate == nil)
        }
        #expect(votes.add(try verifier.verified(world.vote(statement, by: 3))).certificate != nil)
    }
}

@Suite("TimeoutCollector")
struct TimeoutCollectorTests {
    let world = World(4)
    let chain: TestChain
    let blocks: [Block]
    var verifier: MessageVerifier
    var timeouts: TimeoutCollector

    init() {
        chain = TestChain(world)
        blocks = chain.extend(chain.genesis, views: 1...4)
        verifier = world.verifier()
        timeouts = TimeoutCollector(committee: world.committee)
    }

    private mutating func add(_ view: UInt64, by sender: Int, on block: Int = 0) throws -> TimeoutCertificate? {
        let pair = CertificatePair(quorum: chain.certificate(blocks[block]), timeout: nil)
        return timeouts.add(try verifier.verified(world.timeout(view, by: sender, showing: pair)))?.content
    }

    @Test("a quorum makes a certificate with the highest of the certificates that were shown")
    mutating func completes() throws {
        #expect(try add(9, by: 3, on: 1) == nil)
        #expect(try add(9, by: 1, on: 3) == nil)
        let certificate = try #require(try add(9, by: 0, on: 0))
        #expect(certificate.signatures.signers == [0, 1, 3].map { ReplicaID($0) })
        #expect(certificate.certifiedViews == [1, 4, 2].map { View($0) })
        #expect(certificate.highest.view == View(4))
        var other = world.verifier()
        #expect(try other.verified(certificate).content == certificate)
    }

    @Test("timeouts are counted per view and per signer")
    mutating func countsPerViewAndSigner() throws {
        #expect(try add(9, by: 0) == nil)
        #expect(try add(9, by: 0, on: 2) == nil)
        #expect(try add(8, by: 1) == nil)
        #expect(try add(10, by: 2) == nil)
        #expect(try add(9, by: 3) == nil)
        #expect(try add(9, by: 1) != nil)
    }

    @Test("more than f replicas at higher views name the view that all of them have reached")
    mutating func namesFailingView() throws {
        #expect(timeouts.failingView == nil)
        _ = try add(.max, by: 0)
        #expect(timeouts.failingView == nil)
        _ = try add(9, by: 1)
        #expect(timeouts.failingView == View(9))
        _ = try add(12, by: 2)
        #expect(timeouts.failingView == View(12))
        _ = try add(7, by: 3)
        #expect(timeouts.failingView == View(12))
    }

    @Test("a lower timeout after a higher one changes nothing")
    mutating func onlyGoesUp() throws {
        _ = try add(9, by: 0)
        _ = try add(9, by: 1)
        _ = try add(12, by: 2)
        #expect(try add(9, by: 2) == nil)
        #expect(timeouts.holds(View(12)))
        #expect(timeouts.holds(View(9)))
        #expect(!timeouts.holds(View(10)))
    }
}
