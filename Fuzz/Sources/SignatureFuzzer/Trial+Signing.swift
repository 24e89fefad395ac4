internal import Crypto
internal import FuzzKit
internal import Kernels
internal import PostQuantum

extension Trial {
    /// A key and a signature of the input's making, by every kernel: all the same, and valid to all.
    static func signed(_ sample: Sample, _ input: inout ByteReader) {
        let scheme = sample.scheme
        let (seed, randomness) = (input.bytes(32), input.bytes(32))
        let context = input.bytes(Int(input.byte()))
        let message = input.remainder()
        let results = Kernel.available.map { kernel in
            guard let key = try? SigningKey(scheme: scheme, seed: SecretBytes(seed), kernel: kernel),
                let signature = try? key.sign(message, context: context, randomness: randomness)
            else { fail("kernel \(kernel) made no signature") }
            return Result(key: key.verificationKey.bytes, signature: signature)
        }
        require(Set(results).count == 1, "kernels make different keys or signatures")
        let verifiers = Verifiers(results[0].key, scheme)
        verifiers.expect(true, of: results[0].signature, for: message, context: context)
        guard scheme == .mlDSA65 else { return }
        guard let key = try? MLDSA65.PrivateKey(seedRepresentation: seed, publicKey: nil),
            let signature = try? key.signature(for: message, context: context)
        else { fail("swift-crypto made no signature") }
        require(Array(key.publicKey.rawRepresentation) == results[0].key, "swift-crypto makes another key")
        verifiers.expect(true, of: Array(signature), for: message, context: context)
    }

    private struct Result: Hashable {
        let key: [UInt8]
        let signature: [UInt8]
    }
}
