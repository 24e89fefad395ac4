import Kernels
import Testing

@testable import PostQuantum

@Suite("The release of a signature")
struct ReleaseTests {
    @Test("a signature that does not verify is not released", arguments: SignatureScheme.allCases, Kernel.available)
    func invalid(scheme: SignatureScheme, kernel: Kernel) throws {
        let seed = SecretBytes([UInt8](repeating: 1, count: 32))
        let sound = try SigningKey(scheme: scheme, seed: seed, kernel: kernel)
        // As if a fault had hit the memory of the private key: its secrets are no longer those of the public key.
        let other = [UInt8](repeating: 2, count: 32).withUnsafeBytes {
            ExpandedSecrets(seed: $0, parameters: scheme.parameters, kernel: LatticeKernel(kernel))
        }
        let faulty = SigningKey(secrets: other, verifier: sound.verifier)
        #expect(throws: SigningError.failed) { try faulty.sign([1, 2, 3], context: []) }
        #expect(try sound.verifier.isValid(sound.sign([1, 2, 3], context: []), for: [1, 2, 3], context: []))
    }
}
