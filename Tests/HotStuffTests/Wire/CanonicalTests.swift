import HotStuff
import Testing

@Suite("One value, one encoding")
struct CanonicalTests {
    private let signature = Signature([1, 2])

    /// The encoding of a signature set, made by hand.
    private func signatureSet(bitmap: [UInt8], signatures: Int) -> [UInt8] {
        littleEndian(UInt32(bitmap.count)) + bitmap + littleEndian(UInt32(signatures))
            + (0..<signatures).flatMap { _ in [2, 0, 0, 0, 1, 2] }
    }

    private func certificate(view: UInt64) -> QuorumCertificate {
        QuorumCertificate(
            statement: VoteStatement(
                chain: .zero,
                epoch: .first,
                view: View(view),
                block: .zero,
                height: Height(1),
                parentView: .genesis,
                commits: nil
            ),
            signatures: SignatureSet([(signer: ReplicaID(0), signature: signature)])
        )
    }

    private func timeoutCertificate(view: UInt64, certifiedViews: Int = 1) -> TimeoutCertificate {
        TimeoutCertificate(
            chain: .zero,
            epoch: .first,
            view: View(view),
            signatures: SignatureSet([(signer: ReplicaID(0), signature: signature)]),
            certifiedViews: Array(repeating: View(1), count: certifiedViews),
            highest: certificate(view: 1)
        )
    }

    @Test("a bitmap ends with a byte that is not zero")
    func bitmapWithZeroAtItsEnd() {
        let signers = [ReplicaID(0), ReplicaID(11)]
        let good = signatureSet(bitmap: [1, 8], signatures: 2)
        #expect((try? SignatureSet(decoding: good))?.signers == signers)
        #expect(
            refusal(of: SignatureSet.self, signatureSet(bitmap: [1, 8, 0], signatures: 2)) == .notCanonical
        )
        #expect(refusal(of: SignatureSet.self, signatureSet(bitmap: [0], signatures: 0)) == .notCanonical)
        let longest = Array(repeating: UInt8(0), count: 127) + [0x80]
        #expect(
            (try? SignatureSet(decoding: signatureSet(bitmap: longest, signatures: 1)))?.signers == [ReplicaID(1_023)]
        )
    }

    @Test("there are as many signatures as bits")
    func signatureCounts() {
        for count in 0...4 where count != 3 {
            #expect(
                refusal(of: SignatureSet.self, signatureSet(bitmap: [0b1000_0001, 1], signatures: count))
                    == .notCanonical,
                "\(count) signatures for three bits"
            )
        }
        #expect(refusal(of: SignatureSet.self, signatureSet(bitmap: [], signatures: 1)) == .notCanonical)
        #expect(refusal(of: SignatureSet.self, signatureSet(bitmap: [0b1000_0001, 1], signatures: 3)) == nil)
    }

    @Test("there are as many certified views as signatures")
    func certifiedViewCounts() {
        #expect(refusal(of: TimeoutCertificate.self, timeoutCertificate(view: 2).encoded) == nil)
        for count in [0, 2, 3] {
            let encoding = timeoutCertificate(view: 2, certifiedViews: count).encoded
            #expect(refusal(of: TimeoutCertificate.self, encoding) == .notCanonical, "\(count) views for one signature")
        }
    }

    @Test("a pair holds a timeout certificate only above its quorum certificate")
    func redundantTimeoutCertificate() {
        func pair(timeoutView: UInt64) -> [UInt8] {
            certificate(view: 5).encoded + [1] + timeoutCertificate(view: timeoutView).encoded
        }
        for view: UInt64 in [0, 4, 5] {
            #expect(refusal(of: CertificatePair.self, pair(timeoutView: view)) == .notCanonical, "view \(view)")
            let made = CertificatePair(quorum: certificate(view: 5), timeout: timeoutCertificate(view: view))
            #expect(made.timeout == nil)
            #expect(made.view == View(5))
        }
        for view: UInt64 in [6, .max] {
            #expect(refusal(of: CertificatePair.self, pair(timeoutView: view)) == nil, "view \(view)")
            let made = CertificatePair(quorum: certificate(view: 5), timeout: timeoutCertificate(view: view))
            #expect(made.timeout == timeoutCertificate(view: view))
            #expect(made.view == View(view))
        }
    }

    @Test("a list of validators that is no set is refused")
    func validatorSets() {
        func encoding(_ validators: [Validator]) -> [UInt8] {
            littleEndian(UInt32(validators.count)) + validators.flatMap(\.encoded)
        }
        let first = Validator(verificationKey: [1], power: VotingPower(1))
        let second = Validator(verificationKey: [2], power: VotingPower(1))
        let powerless = Validator(verificationKey: [3], power: .zero)
        let mighty = Validator(verificationKey: [4], power: VotingPower(.max))
        #expect(refusal(of: ValidatorSet.self, encoding([first, second])) == nil)
        for list in [[], [first, first], [first, powerless], [mighty], [first, mighty]] {
            #expect(refusal(of: ValidatorSet.self, encoding(list)) == .notCanonical)
        }
    }
}
