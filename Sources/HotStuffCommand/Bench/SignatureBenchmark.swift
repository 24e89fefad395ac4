import Kernels
import PostQuantum

/// What signatures cost, for each parameter set and each implementation that this processor runs.
struct SignatureBenchmark: Sendable {
    /// The times of one implementation of one parameter set.
    struct Row: Equatable, Sendable {
        /// The parameter set.
        let scheme: SignatureScheme
        /// The implementation.
        let implementation: SignatureImplementation
        /// The time to sign 32 bytes, on average over the attempts that it takes, with the check of the signature.
        let signMicroseconds: Double
        /// The time to verify with a key that is kept ready.
        let verifyPreparedMicroseconds: Double
        /// The time to prepare a key and verify with it.
        let verifyMicroseconds: Double
        /// The time to expand a seed to a private key that is ready to sign.
        let keygenMicroseconds: Double
    }

    /// The fewest signatures in a turn: one takes between one and dozens of attempts.
    private static let signaturesPerTurn = 32

    private struct Subject {
        let scheme: SignatureScheme
        let implementation: SignatureImplementation
        let seed: SecretBytes
        let signer: any Signer
        let verifier: any Verifier
        let signature: [UInt8]
    }

    private let message = [UInt8](0..<32)
    private let context = Array("swift-hotstuff benchmark".utf8)

    /// Measures all of them in turns.
    ///
    /// - Parameters:
    ///   - stopwatch: measures.
    ///   - didRound: called after each round with what is measured.
    /// - Returns: a row for each set and implementation, the reference last within its set.
    /// - Throws: that an implementation fails.
    func run(_ stopwatch: Stopwatch, didRound: (String) -> Void) throws -> [Row] {
        let subjects = try makeSubjects()
        let (message, context) = (message, context)
        let sign = try stopwatch.medianMicroseconds(
            subjects.map { subject in
                .init(leastRepetitions: Self.signaturesPerTurn) { count in
                    for _ in 0..<count { consume(try subject.signer.sign(message, context: context)) }
                }
            }
        ) { didRound("sign \($0)/\(stopwatch.rounds)") }
        let verifyPrepared = try stopwatch.medianMicroseconds(
            subjects.map { subject in
                .init { count in
                    for _ in 0..<count {
                        consume(subject.verifier.isValid(subject.signature, for: message, context: context))
                    }
                }
            }
        ) { didRound("verify \($0)/\(stopwatch.rounds)") }
        let verify = try stopwatch.medianMicroseconds(
            subjects.map { subject in
                let key = subject.signer.verificationKey.bytes
                return .init { count in
                    for _ in 0..<count {
                        let verifier = try subject.scheme.makeVerifier(
                            key: key,
                            implementation: subject.implementation
                        )
                        consume(verifier.isValid(subject.signature, for: message, context: context))
                    }
                }
            }
        ) { didRound("verify with a new key \($0)/\(stopwatch.rounds)") }
        let keygen = try stopwatch.medianMicroseconds(
            subjects.map { subject in
                .init { count in
                    for _ in 0..<count {
                        consume(
                            try subject.scheme.makeSigner(seed: subject.seed, implementation: subject.implementation)
                        )
                    }
                }
            }
        ) { didRound("make keys \($0)/\(stopwatch.rounds)") }
        return subjects.indices.map { index in
            Row(
                scheme: subjects[index].scheme,
                implementation: subjects[index].implementation,
                signMicroseconds: sign[index],
                verifyPreparedMicroseconds: verifyPrepared[index],
                verifyMicroseconds: verify[index],
                keygenMicroseconds: keygen[index]
            )
        }
    }

    /// One of each, all with the same key in a set, and each checked once: what is fast and wrong is not measured.
    private func makeSubjects() throws -> [Subject] {
        var subjects: [Subject] = []
        for scheme in SignatureScheme.allCases {
            let seed = scheme.generateSeed()
            let native = KernelChoice.allowed.map { SignatureImplementation.native($0) }
            for implementation in scheme == .mlDSA65 ? native + [.swiftCrypto] : native {
                let signer = try scheme.makeSigner(seed: seed, implementation: implementation)
                let verifier = try scheme.makeVerifier(
                    key: signer.verificationKey.bytes,
                    implementation: implementation
                )
                let signature = try signer.sign(message, context: context)
                guard verifier.isValid(signature, for: message, context: context) else {
                    throw Failure(
                        .software,
                        "\(implementation) does not accept its own \(scheme) signature",
                        advice: "report this with the model of the processor"
                    )
                }
                subjects.append(
                    Subject(
                        scheme: scheme,
                        implementation: implementation,
                        seed: seed,
                        signer: signer,
                        verifier: verifier,
                        signature: signature
                    )
                )
            }
        }
        return subjects
    }
}
