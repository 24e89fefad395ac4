internal import FuzzKit
internal import Kernels
internal import PostQuantum

/// A valid signature of each scheme from which alterations start, and keys without t1 under which anybody can sign.
struct Sample: Sendable {
    static let samples: [Sample] = SignatureScheme.allCases.map { Sample($0) }

    let scheme: SignatureScheme
    let message: [UInt8] = Array("a message".utf8)
    let context: [UInt8] = Array("a context".utf8)
    let key: [UInt8]
    let verifiers: Verifiers
    let signature: [UInt8]
    let openKeys: [(key: OpenKey, verifiers: Verifiers)]

    private init(_ scheme: SignatureScheme) {
        self.scheme = scheme
        let seed = SecretBytes((0..<32).map { UInt8($0) })
        let zeros = [UInt8](repeating: 0, count: 32)
        guard let signer = try? SigningKey(scheme: scheme, seed: seed, kernel: .swift),
            let signature = try? signer.sign(message, context: context, randomness: zeros)
        else { fail("no sample of \(scheme)") }
        self.signature = signature
        key = signer.verificationKey.bytes
        verifiers = Verifiers(key, scheme)
        openKeys = (0..<4).map { number in
            let key = OpenKey(seed: [UInt8](repeating: UInt8(number), count: 32), scheme.reference)
            return (key, Verifiers(key.bytes, scheme))
        }
        verifiers.expect(true, of: signature, for: message, context: context)
    }
}
