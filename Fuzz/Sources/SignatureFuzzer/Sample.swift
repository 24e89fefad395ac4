internal import Kernels
internal import PostQuantum

/// A valid signature of each scheme from which alterations start, and keys without t1 under which anybody can sign.
struct Sample: Sendable {
    static let samples: [Sample] = SignatureScheme.allCases.map { Sample($0) }

    let scheme: SignatureScheme
    let message: [UInt8] = Array("a message".utf8)
    let context: [UInt8] = Array("a context".utf8)
    let key: Verifiers
    let signature: [UInt8]
    let openKeys: [Verifiers]

    private init(_ scheme: SignatureScheme) {
        self.scheme = scheme
        let seed = SecretBytes((0..<32).map { UInt8($0) })
        let zeros = [UInt8](repeating: 0, count: 32)
        guard let signer = try? SigningKey(scheme: scheme, seed: seed, kernel: .swift),
            let signature = try? signer.sign(message, context: context, randomness: zeros)
        else { preconditionFailure("no sample of \(scheme)") }
        self.signature = signature
        key = Verifiers(signer.verificationKey.bytes, scheme)
        openKeys = (0..<4).map { number in
            let rho = [UInt8](repeating: UInt8(number), count: 32)
            let t1 = [UInt8](repeating: 0, count: scheme.verificationKeyByteCount - 32)
            return Verifiers(rho + t1, scheme)
        }
        precondition(key.verdict(signature, message, context), "the sample itself is not valid")
    }
}
