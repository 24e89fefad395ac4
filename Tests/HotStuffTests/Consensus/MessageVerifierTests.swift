import HotStuff
import Testing

/// What the network may bring: every reason for which it is not believed.
@Suite("MessageVerifier")
struct MessageVerifierTests {
    let world = World(4)
    let chain: TestChain
    var verifier: MessageVerifier

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
    }

    private mutating func failure(_ message: Message, from sender: UInt16) -> VerificationFailure? {
        do {
            _ = try verifier.verify(message, from: ReplicaID(sender))
            return nil
        } catch {
            return error
        }
    }

    private mutating func failure(
        ofPair quorum: QuorumCertificate,
        _ timeout: TimeoutCertificate? = nil
    ) -> VerificationFailure? {
        failure(.certificates(CertificatePair(quorum: quorum, timeout: timeout)), from: 2)
    }

    @Test("a vote, a proposal, a timeout and certificates of honest replicas are believed")
    mutating func believesHonest() {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        let pair = CertificatePair(quorum: chain.certificate(blocks[0]), timeout: nil)
        #expect(failure(.vote(world.vote(chain.statement(blocks[0]), by: 3)), from: 3) == nil)
        #expect(failure(.proposal(world.proposal(blocks[1])), from: 2) == nil)
        #expect(failure(.timeout(world.timeout(2, by: 3, showing: pair)), from: 3) == nil)
        #expect(failure(ofPair: pair.quorum, world.timeoutCertificate(4, highest: pair.quorum)) == nil)
        #expect(failure(.blockResponse(BlockResponse(target: blocks[1].id, blocks: blocks)), from: 3) == nil)
        #expect(failure(.commands([World.command(1)]), from: 3) == nil)
        #expect(failure(.blockRequest(BlockRequest(target: .zero, at: Height(.max), above: .genesis)), from: 3) == nil)
    }

    @Test("a vote holds one signature, by its authenticated sender")
    mutating func votesForThemselves() {
        let statement = chain.statement(chain.extend(chain.genesis, view: 1))
        #expect(failure(.vote(world.vote(statement, by: 3)), from: 2) == .notTheSender(ReplicaID(3)))
        let forged = Vote(
            statement: statement,
            voter: ReplicaID(3),
            signature: IdealSignatures.sign(statement.digest, by: ReplicaID(2))
        )
        #expect(failure(.vote(forged), from: 3) == .invalidSignature(ReplicaID(3)))
        let outsider = world.vote(statement, by: 9)
        #expect(failure(.vote(outsider), from: 9) == .unknownReplica(ReplicaID(9)))
        let empty = Vote(statement: statement, voter: ReplicaID(3), signature: Signature([]))
        #expect(failure(.vote(empty), from: 3) == .invalidSignature(ReplicaID(3)))
    }

    @Test("a vote of another chain or epoch, or with impossible views or height, is not believed")
    mutating func votesMustFit() {
        let good = chain.statement(chain.extend(chain.genesis, view: 1))
        func statement(
            chain: Digest? = nil,
            epoch: UInt64 = 0,
            view: UInt64 = 1,
            height: UInt64 = 1,
            parentView: UInt64 = 0
        ) -> VoteStatement {
            VoteStatement(
                chain: chain ?? good.chain,
                epoch: Epoch(epoch),
                view: View(view),
                block: good.block,
                height: Height(height),
                parentView: View(parentView),
                commits: nil
            )
        }
        #expect(failure(.vote(world.vote(statement(chain: .zero), by: 3)), from: 3) == .wrongChain)
        #expect(failure(.vote(world.vote(statement(epoch: 1), by: 3)), from: 3) == .wrongEpoch(Epoch(1)))
        #expect(failure(.vote(world.vote(statement(parentView: 1), by: 3)), from: 3) == .inconsistentViews)
        #expect(failure(.vote(world.vote(statement(view: 3, parentView: .max), by: 3)), from: 3) == .inconsistentViews)
        #expect(failure(.vote(world.vote(statement(height: 0), by: 3)), from: 3) == .brokenLink)
    }

    @Test("the signature of one kind of statement is none for another kind")
    mutating func kindsAreApart() {
        let block = chain.extend(chain.genesis, view: 1)
        let statement = chain.statement(block)
        let proposal = world.proposal(block)
        let asVote = Vote(statement: statement, voter: ReplicaID(1), signature: proposal.signature)
        #expect(failure(.vote(asVote), from: 1) == .invalidSignature(ReplicaID(1)))
        let timeout = world.timeout(1, by: 1, showing: CertificatePair(quorum: chain.genesis.justify, timeout: nil))
        let fromTimeout = Vote(statement: statement, voter: ReplicaID(1), signature: timeout.signature)
        #expect(failure(.vote(fromTimeout), from: 1) == .invalidSignature(ReplicaID(1)))
    }

    @Test("a certificate of less than a quorum is none, and doubled signers make no quorum", arguments: [0, 1, 2])
    mutating func needsQuorum(count: Int) {
        let block = chain.extend(chain.genesis, view: 1)
        #expect(failure(ofPair: chain.certificate(block, by: Array(0..<count))) == .noQuorum)
        let doubled = (0..<count).flatMap { [$0, $0, $0] }
        #expect(failure(ofPair: chain.certificate(block, by: doubled)) == .noQuorum)
    }

    @Test("one bad signature in a certificate is blamed on its signer, wherever it stands", arguments: [0, 1, 2, 3])
    mutating func blamesSigner(bad: Int) {
        let statement = chain.statement(chain.extend(chain.genesis, view: 1))
        let signed = (0..<4).map { index in
            let signer = ReplicaID(UInt16(index))
            return (
                signer: signer,
                signature: index == bad ? Signature([0, 1, 2]) : IdealSignatures.sign(statement.digest, by: signer)
            )
        }
        let certificate = QuorumCertificate(statement: statement, signatures: SignatureSet(signed))
        #expect(failure(ofPair: certificate) == .invalidSignature(ReplicaID(UInt16(bad))))
    }

    @Test("a stranger's signature spoils a certificate, and traps nothing")
    mutating func refusesStrangers() {
        let block = chain.extend(chain.genesis, view: 1)
        #expect(failure(ofPair: chain.certificate(block, by: [0, 1, 2, 1_023])) == .unknownReplica(ReplicaID(1_023)))
    }

    @Test("the view, the height and what is committed are inside the signed bytes")
    mutating func relabelledCertificates() {
        let block = chain.extend(chain.genesis, view: 1)
        let true1 = chain.certificate(block)
        for (view, height, commits) in [(UInt64(2), UInt64(1), Digest?.none), (1, 2, nil), (1, 1, block.id)] {
            let statement = VoteStatement(
                chain: true1.statement.chain,
                epoch: .first,
                view: View(view),
                block: block.id,
                height: Height(height),
                parentView: .genesis,
                commits: commits
            )
            let relabelled = QuorumCertificate(statement: statement, signatures: true1.signatures)
            #expect(failure(ofPair: relabelled) == .invalidSignature(ReplicaID(0)))
        }
    }

    @Test("without signatures only the genesis certificate is valid")
    mutating func genesisOnly() {
        #expect(failure(ofPair: chain.genesis.justify) == nil)
        let block = chain.extend(chain.genesis, view: 1)
        let empty = QuorumCertificate(statement: chain.statement(block), signatures: .empty)
        #expect(failure(ofPair: empty) == .noQuorum)
        let other = World(4, name: "other")
        #expect(failure(ofPair: other.committee.genesisCertificate) == .noQuorum)
    }

    @Test("garbage signatures under a statement that is known to be true are not believed")
    mutating func cacheBelievesBytesOnly() throws {
        let block = chain.extend(chain.genesis, view: 1)
        let good = chain.certificate(block)
        #expect(failure(ofPair: good) == nil)
        let garbage = QuorumCertificate(
            statement: good.statement,
            signatures: SignatureSet(good.signatures.signers.map { ($0, Signature([9, 9, 9])) })
        )
        #expect(failure(ofPair: garbage) == .invalidSignature(ReplicaID(0)))
        // Other valid bytes are verified themselves.
        #expect(failure(ofPair: chain.certificate(block, variant: 7)) == nil)
    }

    @Test("no signature is verified twice, neither of a vote nor of a certificate made of known votes")
    mutating func verifiesOnce() {
        let counter = CountingSignatures()
        verifier = world.verifier(counter)
        let block = chain.extend(chain.genesis, view: 1)
        for voter in 0..<3 {
            #expect(failure(.vote(world.vote(chain.statement(block), by: voter)), from: UInt16(voter)) == nil)
        }
        #expect(counter.count == 3)
        #expect(failure(ofPair: chain.certificate(block)) == nil)
        #expect(counter.count == 3)
        #expect(failure(ofPair: chain.certificate(block, variant: 1)) == nil)
        #expect(counter.count == 6)
    }

    @Test("a timeout shows exactly the certificate that it names, and none of its own view")
    mutating func timeoutsShowCertificates() {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let pair = CertificatePair(quorum: chain.certificate(blocks[1]), timeout: nil)
        let true1 = world.timeout(9, by: 3, showing: pair)
        let absurd = Timeout(
            statement: TimeoutStatement(
                chain: world.committee.chain,
                epoch: .first,
                view: View(.max),
                highestCertifiedView: View(.max - 1)
            ),
            sender: ReplicaID(3),
            signature: true1.signature,
            certificates: pair
        )
        #expect(failure(.timeout(absurd), from: 3) == .inconsistentViews)
        #expect(failure(.timeout(world.timeout(2, by: 3, showing: pair)), from: 3) == .inconsistentViews)
        #expect(failure(.timeout(true1), from: 2) == .notTheSender(ReplicaID(3)))
        let weak = CertificatePair(quorum: chain.certificate(blocks[1], by: [0, 1]), timeout: nil)
        #expect(failure(.timeout(world.timeout(9, by: 3, showing: weak)), from: 3) == .noQuorum)
        let other = World(4, name: "other")
        let foreign = other.timeout(9, by: 3, showing: pair)
        #expect(failure(.timeout(foreign), from: 3) == .wrongChain)
    }

    @Test("a timeout certificate holds the certificate of its highest named view, from below its own")
    mutating func timeoutCertificates() {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let high = chain.certificate(blocks[2])
        let good = world.timeoutCertificate(5, highest: high)
        func changed(views: [UInt64], highest: QuorumCertificate) -> TimeoutCertificate {
            TimeoutCertificate(
                chain: good.chain,
                epoch: good.epoch,
                view: good.view,
                signatures: good.signatures,
                certifiedViews: views.map { View($0) },
                highest: highest
            )
        }
        #expect(failure(ofPair: high, good) == nil)
        #expect(failure(ofPair: high, changed(views: [3, 3, 4], highest: high)) == .inconsistentViews)
        #expect(failure(ofPair: high, changed(views: [3, 3, 2], highest: high)) == .invalidSignature(ReplicaID(2)))
        #expect(
            failure(ofPair: high, changed(views: [3, 3, 3], highest: chain.certificate(blocks[1])))
                == .inconsistentViews
        )
        #expect(failure(ofPair: high, changed(views: [3, 3], highest: high)) == .inconsistentViews)
        #expect(failure(ofPair: high, world.timeoutCertificate(5, highest: high, by: [0, 1])) == .noQuorum)
        #expect(
            failure(ofPair: chain.certificate(blocks[0]), world.timeoutCertificate(3, highest: high))
                == .inconsistentViews
        )
    }

    @Test("views as high as they get are checked without arithmetic that traps")
    mutating func extremeViews() {
        let block = chain.extend(chain.genesis, view: .max)
        let certificate = chain.certificate(block)
        #expect(failure(ofPair: certificate) == nil)
        let next = chain.extend(block, view: .max)
        #expect(failure(.proposal(world.proposal(next)), from: world.leader(.max).rawValue) == .unjustified)
        let high = chain.extend(chain.genesis, view: 1) { $0.height = Height(.max) }
        #expect(failure(.proposal(world.proposal(high)), from: 1) == .brokenLink)
    }
}
