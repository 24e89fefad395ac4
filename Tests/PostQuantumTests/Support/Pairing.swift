import Kernels
import PostQuantum
import Testing

/// A parameter set and one way to compute it: the rows that most tests of signatures run through.
struct Pairing: Sendable, Hashable {
    let scheme: SignatureScheme
    let implementation: SignatureImplementation

    /// Every parameter set with every kernel that this processor runs, and with swift-crypto where that has it.
    static let all: [Pairing] =
        native.map { Pairing(scheme: $0.scheme, implementation: .native($0.kernel)) } + [swiftCrypto]

    /// The parameter set that swift-crypto has.
    static let swiftCrypto = Pairing(scheme: .mlDSA65, implementation: .swiftCrypto)

    /// Every parameter set with every kernel that this processor runs.
    static let native: [NativePairing] = SignatureScheme.allCases.flatMap { scheme in
        Kernel.available.map { NativePairing(scheme: scheme, kernel: $0) }
    }

    func makeSigner(seed: [UInt8]) throws -> any Signer {
        try scheme.makeSigner(seed: SecretBytes(seed), implementation: implementation)
    }

    func makeVerifier(key: [UInt8]) throws -> any Verifier {
        try scheme.makeVerifier(key: key, implementation: implementation)
    }
}

extension Pairing: CustomTestStringConvertible {
    var testDescription: String { "\(scheme) by \(implementation)" }
}

/// A parameter set and a kernel of our own.
struct NativePairing: Sendable, Hashable {
    let scheme: SignatureScheme
    let kernel: Kernel

    func makeKey(seed: [UInt8]) throws -> SigningKey {
        try SigningKey(scheme: scheme, seed: SecretBytes(seed), kernel: kernel)
    }
}

extension NativePairing: CustomTestStringConvertible {
    var testDescription: String { "\(scheme) by kernel \(kernel)" }
}
