import HotStuff
import HotStuffReplica
import PostQuantum

/// What it costs a replica to verify a quorum certificate of which it knows no vote, by the very code that it runs.
struct CertificateBenchmark: Sendable {
    /// The time for clusters of one size.
    struct Row: Equatable, Sendable {
        /// The parameter set.
        let scheme: SignatureScheme
        /// The number of replicas.
        let replicas: Int
        /// The number of signatures in a certificate.
        let quorum: Int
        /// The number of threads that verify.
        let threads: Int
        /// The time of one certificate.
        let microseconds: Double
    }

    /// The sizes of clusters: with 4 and 7 a certificate is verified by the caller alone, with more by several threads.
    static let replicaCounts = [4, 7, 16, 31, 100]

    /// Measures all sizes with each parameter set.
    ///
    /// - Parameters:
    ///   - stopwatch: measures.
    ///   - didRound: called with what was measured.
    /// - Returns: a row for each size and set.
    /// - Throws: that a certificate is found invalid, or that there are no threads.
    func run(_ stopwatch: Stopwatch, didRound: (String) -> Void) throws -> [Row] {
        let pool = try VerificationPool(threadCount: VerificationPool.defaultThreadCount)
        defer { pool.stop() }
        var rows: [Row] = []
        for scheme in SignatureScheme.allCases {
            for count in Self.replicaCounts {
                let subject = try Subject(count, scheme: scheme, pool: pool)
                let candidates = [
                    Stopwatch.Candidate { repetitions in
                        for _ in 0..<repetitions {
                            // A copy that remembers nothing, so that every signature is verified each time.
                            var verifier = subject.verifier
                            consume(try verifier.verify(subject.certificates))
                        }
                    }
                ]
                let times = try stopwatch.medianMicroseconds(candidates, clock: .wall)
                rows.append(
                    Row(
                        scheme: scheme,
                        replicas: count,
                        quorum: subject.quorum,
                        threads: pool.threadCount(for: subject.quorum),
                        microseconds: times[0]
                    )
                )
                didRound("certificates of \(count) replicas")
            }
        }
        return rows
    }

    /// A certificate of a cluster, signed by as few as make a quorum.
    private struct Subject {
        let verifier: MessageVerifier
        let certificates: CertificatePair
        let quorum: Int

        init(_ count: Int, scheme: SignatureScheme, pool: VerificationPool) throws {
            let signers = try (0..<count).map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
            let parameters = ChainParameters()
            let genesis = Genesis(
                name: "benchmark",
                validators: try ValidatorSet(
                    signers.map { Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1)) }
                ),
                signatureScheme: scheme.rawValue,
                parameters: parameters
            )
            let committee = Committee(genesis)
            let first = committee.genesis
            let statement = VoteStatement(
                chain: committee.chain,
                epoch: committee.epoch,
                view: View(first.view.rawValue + 1),
                block: Digest.hash(of: [1]),
                height: Height(first.height.rawValue + 1),
                parentView: first.view,
                commits: nil
            )
            quorum = Int(committee.validators.quorum.rawValue)
            let signatures = try signers.prefix(quorum).enumerated().map { index, signer in
                (signer: ReplicaID(UInt16(index)), signature: try signer.sign(statement: statement.digest))
            }
            let certificate = QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
            certificates = CertificatePair(quorum: certificate, timeout: nil)
            verifier = try MessageVerifier(committee: committee, parameters: parameters, scheme: scheme, pool: pool)
        }
    }
}
