internal import Crypto
internal import FuzzKit
internal import Kernels
internal import PostQuantum

/// One public key in every implementation there is, which must agree about every signature.
struct Verifiers {
    private let key: VerificationKey
    private let native: [PreparedVerificationKey]
    private let swiftCrypto: MLDSA65.PublicKey?

    init(_ bytes: [UInt8], _ scheme: SignatureScheme) {
        guard let key = try? VerificationKey(scheme: scheme, bytes: bytes) else {
            fail("a key of \(bytes.count) bytes was not taken")
        }
        self.key = key
        native = Kernel.available.map { PreparedVerificationKey(key, kernel: $0) }
        swiftCrypto = scheme == .mlDSA65 ? try? MLDSA65.PublicKey(rawRepresentation: bytes) : nil
        require((swiftCrypto != nil) == (scheme == .mlDSA65), "swift-crypto did not take a key that we take")
    }

    /// Ends the program unless all say of a signature what they should.
    func expect(_ expected: Bool, of signature: [UInt8], for message: [UInt8], context: [UInt8]) {
        guard let representative = try? MessageRepresentative(message: message, context: context, key: key) else {
            fail("no representative in a context of \(context.count) bytes")
        }
        for (kernel, verifier) in zip(Kernel.available, native) {
            let verdict = verifier.isValid(signature, for: message, context: context)
            require(verdict == expected, "kernel \(kernel) says \(verdict)")
            require(verifier.isValid(signature, for: representative) == verdict, "kernel \(kernel) says both")
        }
        if let swiftCrypto {
            let verdict = swiftCrypto.isValidSignature(signature, for: message, context: context)
            require(verdict == expected, "swift-crypto says \(verdict)")
        }
    }
}

extension SignatureScheme {
    /// The numbers of the scheme as the reference has them.
    var reference: Parameters {
        switch self {
        case .mlDSA44: .mlDSA44
        case .mlDSA65: .mlDSA65
        }
    }
}
