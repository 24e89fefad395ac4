import HotStuff
import Testing

/// What a range must be to be believed.
@Suite("Ranges of final blocks")
struct RangeVerificationTests {
    private let fixture = FinalChain(length: 12)
    private var world: World { fixture.world }
    private var chain: TestChain { fixture.chain }
    private var blocks: [Block] { fixture.blocks }

    /// The certificate that commits the block of a height.
    private func proof(_ height: Int, by signers: [Int]? = nil) -> QuorumCertificate {
        chain.certificate(blocks[height + 1], by: signers)
    }

    private func failure(_ range: BlockRange) -> VerificationFailure? {
        var verifier = world.verifier()
        do {
            _ = try verifier.verify(.blockRange(range), from: ReplicaID(1))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "blocks that follow one another, up to one that a quorum commits, are believed; and so is it that there are none"
    )
    func good() {
        for (above, last) in [(0, 10), (3, 10), (9, 10), (0, 1)] {
            #expect(failure(chain.range(above: UInt64(above), to: blocks[last - 1], by: proof(last))) == nil)
        }
        #expect(failure(BlockRange(nothingAbove: Height(5))) == nil)
    }

    private func range(_ blocks: [Block], above: UInt64 = 2, by certificate: QuorumCertificate) -> BlockRange {
        BlockRange(above: Height(above), blocks: blocks, certificate: certificate)
    }

    @Test("a range with a hole, of a wrong height, or with a proof of something else is refused")
    func broken() {
        let good = Array(blocks[2..<9])
        #expect(failure(range(good, by: proof(9))) == nil)
        var hole = good
        hole.remove(at: 3)
        #expect(failure(range(hole, by: proof(9))) == .brokenLink)
        #expect(failure(range(good, above: 1, by: proof(9))) == .brokenLink)
        #expect(failure(range(good, above: 3, by: proof(9))) == .brokenLink)
        #expect(failure(range(Array(good.dropLast()), by: proof(9))) == .brokenLink)
        #expect(failure(range(Array(good.reversed()), by: proof(9))) == .brokenLink)
        #expect(failure(range(good, by: proof(8))) == .brokenLink)
        #expect(failure(range(good, by: proof(10))) == .brokenLink)
        #expect(failure(range(good, by: chain.genesis.justify)) == .brokenLink)
        #expect(failure(range([], by: proof(9))) == .brokenLink, "a proof of nothing")
    }

    @Test("a block of another chain in the middle of a range is refused, though its height is right")
    func spliced() {
        let other = chain.extend(blocks[3], view: 20, [World.command(99)])
        var spliced = Array(blocks[2..<9])
        spliced[2] = other
        #expect(failure(range(spliced, by: proof(9))) == .brokenLink)
    }

    @Test("commands that are not those of their header are refused")
    func payload() {
        var spoiled = Array(blocks[2..<9])
        spoiled[3] = Block(bare: spoiled[3].header, payload: Payload([World.command(77)]))
        #expect(failure(range(spoiled, by: proof(9))) == .wrongPayload)
    }

    @Test("a proof without a quorum, or with a signature that is not valid, is refused")
    func unproved() {
        let good = Array(blocks[2..<9])
        #expect(failure(range(good, by: proof(9, by: [0, 1]))) == .noQuorum)
        let forged = QuorumCertificate(
            statement: proof(9).statement,
            signatures: proof(8).signatures
        )
        #expect(failure(range(good, by: forged)) == .invalidSignature(ReplicaID(0)))
    }

    @Test("the certificate that stands where one is missing is valid nowhere")
    func withheld() {
        var verifier = world.verifier()
        let bare = blocks[5].bare
        #expect(bare.isBare && !blocks[5].isBare && !blocks[0].isBare && !chain.genesis.isBare)
        #expect(bare.id == blocks[5].id)
        #expect(throws: VerificationFailure.noQuorum) { try verifier.verify(bare) }
        #expect(throws: VerificationFailure.noQuorum) {
            try verifier.verify(CertificatePair(quorum: bare.justify, timeout: nil))
        }
    }
}
