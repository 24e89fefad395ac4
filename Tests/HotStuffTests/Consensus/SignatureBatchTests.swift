import HotStuff
import Testing

/// Which signatures a message makes us verify, and what is remembered of them.
@Suite("MessageVerifier: which signatures are verified")
struct SignatureBatchTests {
    // A quorum of 31 is 21: more than a batch that is verified inline.
    static let world = World(31)
    let world = SignatureBatchTests.world
    let chain: TestChain
    let signatures = RecordingSignatures()
    var verifier: MessageVerifier

    init() {
        chain = TestChain(world)
        verifier = world.verifier(signatures)
    }

    private mutating func failure(_ message: Message, from sender: UInt16 = 1) -> VerificationFailure? {
        do {
            _ = try verifier.verify(message, from: ReplicaID(sender))
            return nil
        } catch {
            return error
        }
    }

    private mutating func failure(
        _ quorum: QuorumCertificate,
        _ timeout: TimeoutCertificate? = nil
    )
        -> VerificationFailure?
    {
        failure(.certificates(CertificatePair(quorum: quorum, timeout: timeout)))
    }

    private func spoiled(_ set: SignatureSet, at places: Set<Int>) -> SignatureSet {
        SignatureSet(
            zip(set.signers, set.signatures).enumerated().map { place, signed in
                (signed.0, places.contains(place) ? Signature([9, 9]) : signed.1)
            }
        )
    }

    private func spoiled(_ certificate: QuorumCertificate, at places: Set<Int>) -> QuorumCertificate {
        QuorumCertificate(statement: certificate.statement, signatures: spoiled(certificate.signatures, at: places))
    }

    @Test("a certificate is one batch, without the signatures that are known")
    mutating func oneBatch() {
        let block = chain.extend(chain.genesis, view: 1)
        for voter in [3, 7] {
            #expect(failure(.vote(world.vote(chain.statement(block), by: voter)), from: UInt16(voter)) == nil)
        }
        #expect(signatures.batches == [1, 1])
        #expect(failure(chain.certificate(block)) == nil)
        #expect(signatures.batches == [1, 1, 19])
        #expect(failure(chain.certificate(block)) == nil)
        #expect(signatures.batches == [1, 1, 19])
    }

    @Test("a timeout certificate is one batch with the quorum certificate that it holds, which counts once")
    mutating func timeoutCertificates() {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        let high = chain.certificate(blocks[1])
        #expect(failure(high, world.timeoutCertificate(5, highest: high)) == nil)
        #expect(signatures.batches == [42])
        let other = chain.certificate(blocks[1], variant: 1)
        #expect(failure(high, world.timeoutCertificate(6, highest: other)) == nil)
        #expect(signatures.batches == [42, 42])
        #expect(
            failure(.timeout(world.timeout(7, by: 4, showing: CertificatePair(quorum: other, timeout: nil))), from: 4)
                == nil
        )
        #expect(signatures.batches == [42, 42, 1])
    }

    @Test("a run of blocks is one batch")
    mutating func blocks() {
        let blocks = chain.extend(chain.genesis, views: 1...6)
        #expect(failure(.blockResponse(BlockResponse(target: blocks[5].id, blocks: blocks))) == nil)
        #expect(signatures.batches == [5 * 21])
    }

    @Test("no signature of a message is verified whose fields do not fit")
    mutating func fieldsFirst() {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let high = chain.certificate(blocks[2])
        #expect(failure(high, world.timeoutCertificate(5, highest: high, by: [0, 1])) == .noQuorum)
        let weak = chain.extend(blocks[2], view: 4, justify: chain.certificate(blocks[2], by: [0, 1]))
        #expect(failure(.blockResponse(BlockResponse(target: weak.id, blocks: blocks + [weak]))) == .noQuorum)
        #expect(signatures.batches == [])
    }

    @Test(
        "one bad signature is blamed on its signer, and the good ones before it are never verified again",
        arguments: 0..<21
    )
    mutating func blames(place: Int) {
        let good = chain.certificate(chain.extend(chain.genesis, view: 1))
        let lie = spoiled(good, at: [place])
        #expect(failure(lie) == .invalidSignature(ReplicaID(UInt16(place))))
        #expect(signatures.count == place + 1)
        for _ in 0..<5 { #expect(failure(lie) == .invalidSignature(ReplicaID(UInt16(place)))) }
        #expect(signatures.count == place + 6)
        #expect(failure(good) == nil)
        #expect(signatures.count == 21 + 6)
    }

    @Test(
        "of several bad signatures the first in the message is blamed, which has the lowest signer of its certificate"
    )
    mutating func blamesLowest() {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        let high = chain.certificate(blocks[1])
        #expect(failure(spoiled(high, at: [17, 5, 20])) == .invalidSignature(ReplicaID(5)))
        let good = world.timeoutCertificate(5, highest: high)
        let bad = TimeoutCertificate(
            chain: good.chain,
            epoch: good.epoch,
            view: good.view,
            signatures: spoiled(good.signatures, at: [9]),
            certifiedViews: good.certifiedViews,
            highest: spoiled(high, at: [2])
        )
        #expect(failure(high, bad) == .invalidSignature(ReplicaID(9)))
        #expect(failure(spoiled(high, at: [11]), bad) == .invalidSignature(ReplicaID(11)))
    }

    @Test("a bad signature in the middle of a run of blocks spoils the run, and is blamed")
    mutating func spoiledRun() {
        let first = chain.extend(chain.genesis, view: 1)
        let second = chain.extend(first, view: 2, justify: spoiled(chain.certificate(first), at: [6]))
        let third = chain.extend(second, view: 3)
        let run = BlockResponse(target: third.id, blocks: [first, second, third])
        #expect(failure(.blockResponse(run)) == .invalidSignature(ReplicaID(6)))
    }

    @Test("a message full of garbage costs one verification")
    mutating func garbageIsCheap() {
        let good = chain.certificate(chain.extend(chain.genesis, view: 1))
        let garbage = spoiled(good, at: Set(0..<21))
        for number in 1...10 {
            #expect(failure(garbage) == .invalidSignature(ReplicaID(0)))
            #expect(signatures.count == number)
        }
    }

    @Test(
        "other valid bytes of a known signature are verified themselves, once, and garbage after them is not believed"
    )
    mutating func otherBytes() {
        let block = chain.extend(chain.genesis, view: 1)
        for variant in [0, 1, 2, 1, 0] as [UInt8] {
            #expect(failure(chain.certificate(block, variant: variant)) == nil)
        }
        #expect(signatures.count == 3 * 21)
        #expect(failure(spoiled(chain.certificate(block), at: [20])) == .invalidSignature(ReplicaID(20)))
    }

    @Test("a validator that signs endless statements makes us verify nobody's signatures again but its own")
    mutating func floodOfStatements() {
        let block = chain.extend(chain.genesis, view: 1)
        #expect(failure(chain.certificate(block)) == nil)
        for view in 2...500 as ClosedRange<UInt64> {
            let junk = VoteStatement(
                chain: world.committee.chain,
                epoch: .first,
                view: View(view),
                block: .zero,
                height: Height(1),
                parentView: .genesis,
                commits: nil
            )
            #expect(failure(.vote(world.vote(junk, by: 3)), from: 3) == nil)
        }
        let before = signatures.count
        #expect(failure(chain.certificate(block)) == nil)
        #expect(signatures.count == before + 1)
    }

    @Test("certificates of another chain or epoch are not believed, whoever signed them")
    mutating func foreignCertificates() {
        let other = World(31, name: "other")
        let block = TestChain(other).extend(other.committee.genesis, view: 1)
        #expect(failure(TestChain(other).certificate(block)) == .wrongChain)
        let genesis = chain.genesis.justify
        #expect(failure(genesis, other.timeoutCertificate(5, highest: genesis)) == .wrongChain)
        let good = world.timeoutCertificate(5, highest: genesis)
        let later = TimeoutCertificate(
            chain: good.chain,
            epoch: Epoch(1),
            view: good.view,
            signatures: good.signatures,
            certifiedViews: good.certifiedViews,
            highest: good.highest
        )
        #expect(failure(genesis, later) == .wrongEpoch(Epoch(1)))
        let true1 = chain.statement(chain.extend(chain.genesis, view: 1))
        let statement = VoteStatement(
            chain: true1.chain,
            epoch: Epoch(1),
            view: true1.view,
            block: true1.block,
            height: true1.height,
            parentView: true1.parentView,
            commits: nil
        )
        #expect(failure(world.certificate(statement)) == .wrongEpoch(Epoch(1)))
        #expect(signatures.count == 0)
    }

    @Test("a signer who is named twice in a timeout certificate counts once")
    mutating func doubledTimeouts() {
        let genesis = chain.genesis.justify
        let doubled = world.timeoutCertificate(5, highest: genesis, by: Array(repeating: 4, count: 21))
        #expect(doubled.signatures.count == 1)
        #expect(failure(genesis, doubled) == .inconsistentViews)
        #expect(failure(genesis, world.timeoutCertificate(5, highest: genesis, by: [4])) == .noQuorum)
    }
}

/// A verifier that notes the size of each batch and counts the signatures that it verifies.
final class RecordingSignatures: SignatureVerifier, @unchecked Sendable {
    // Each test uses its own from one thread; the protocol demands Sendable.
    private(set) var batches: [Int] = []
    private(set) var count = 0

    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        count += 1
        return IdealSignatures().isValid(signature, on: statement, by: signer)
    }

    func firstInvalid(of signed: [SignedDigest]) -> Int? {
        batches.append(signed.count)
        return signed.firstIndex { !isValid($0.signature, on: $0.digest, by: $0.signer) }
    }
}
