import HotStuff
import Testing

/// What a replica does with votes, certificates and proposals on a chain that makes blocks final after two.
@Suite("A replica of a two-chain")
struct TwoChainCoreTests {
    let world = World(4, parameters: ChainParameters(commitRule: .twoChain))
    let chain: TestChain
    var verifier: MessageVerifier
    var core: Consensus
    var effects: [Effect] = []

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
        core = world.core(0)
        core.start(now: Instant(0), wall: Timestamp(0), into: &effects)
        effects = []
    }

    private mutating func hear(_ message: Message, from sender: Int) throws {
        let sender = ReplicaID(UInt16(sender))
        core.handle(.received(try verifier.verify(message, from: sender), from: sender), into: &effects)
    }

    private mutating func hear(_ block: Block, after timeout: TimeoutCertificate? = nil) throws {
        try hear(.proposal(world.proposal(block, after: timeout)), from: block.header.proposer.index)
    }

    private var committed: [Height] {
        effects.compactMap { if case .commit(let block, _, _) = $0 { block.height } else { nil } }
    }

    private var vote: VoteStatement? { core.safetyRecord.lastVote }

    @Test("a block is final with the certificate of the next one")
    mutating func commitsEarlier() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { try hear(block) }
        #expect(committed == [Height(1)])
        try hear(.certificates(CertificatePair(quorum: chain.certificate(blocks[2]), timeout: nil)), from: 1)
        #expect(committed == [Height(1), Height(2)])
        #expect(core.committed.id == blocks[1].id)
    }

    @Test("a block after a failed view is voted for with its timeout certificate, and makes nothing final")
    mutating func votesAfterTimeouts() throws {
        let first = chain.extend(chain.genesis, view: 1)
        try hear(first)
        let end = world.timeoutCertificate(2, highest: chain.certificate(first))
        let next = chain.extend(first, view: 3)
        try hear(next, after: end)
        #expect(vote?.block == next.id && vote?.commits == nil)
        try hear(.certificates(CertificatePair(quorum: chain.certificate(next), timeout: nil)), from: 1)
        #expect(committed.isEmpty)
    }

    @Test(
        "the certificate of a view that was given up may come late: then nothing below it is voted for, whatever the leader shows"
    )
    mutating func heedsLateCertificate() throws {
        let first = chain.extend(chain.genesis, view: 1)
        let next = chain.extend(first, view: 3)
        // The parent is missing, so the block waits.
        try hear(next, after: world.timeoutCertificate(2, highest: chain.certificate(first)))
        #expect(vote == nil && core.view == View(3))
        let late = chain.extend(chain.genesis, view: 2)
        try hear(.certificates(CertificatePair(quorum: chain.certificate(late), timeout: nil)), from: 1)
        #expect(core.certificates.timeout == nil && core.view == View(3))
        try hear(first)
        #expect(vote == nil && core.safetyRecord.lockedView == View(2))
    }

    @Test("what waits for its parent is voted for when that comes")
    mutating func votesLater() throws {
        let first = chain.extend(chain.genesis, view: 1)
        let next = chain.extend(first, view: 3)
        try hear(next, after: world.timeoutCertificate(2, highest: chain.certificate(first)))
        #expect(vote == nil)
        try hear(first)
        #expect(vote?.block == next.id)
    }

    @Test("a certificate that contradicts the committed chain stops the replica")
    mutating func stopsAtContradiction() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { try hear(block) }
        let other = chain.extend(chain.genesis, view: 6, [World.command(1)])
        let above = chain.extend(other, view: 7)
        try hear(.certificates(CertificatePair(quorum: chain.certificate(above), timeout: nil)), from: 1)
        let halts = effects.compactMap { if case .halt(let reason) = $0 { reason } else { nil } }
        guard case .contradiction(_, let name, let height) = halts.first else {
            Issue.record("it goes on: \(halts)")
            return
        }
        #expect(name == blocks[0].id && height == Height(1))
    }

    @Test("an old certificate that makes final what is final already stops nobody")
    mutating func bearsOldCertificates() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { try hear(block) }
        for block in blocks {
            try hear(.certificates(CertificatePair(quorum: chain.certificate(block), timeout: nil)), from: 1)
        }
        #expect(committed == [Height(1), Height(2)])
        #expect(!effects.contains { if case .halt = $0 { true } else { false } })
    }
}
