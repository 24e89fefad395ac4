internal import Crypto
internal import Kernels
internal import PostQuantum

/// One public key in every implementation there is, which must agree about every signature.
struct Verifiers {
    let key: ReferenceKey
    private let native: [PreparedVerificationKey]
    private let swiftCrypto: MLDSA65.PublicKey?

    init(_ bytes: [UInt8], _ scheme: SignatureScheme) {
        key = ReferenceKey(bytes, scheme.reference)
        guard let verificationKey = try? VerificationKey(scheme: scheme, bytes: bytes) else {
            preconditionFailure("a key of \(bytes.count) bytes was not taken")
        }
        native = Kernel.available.map { PreparedVerificationKey(verificationKey, kernel: $0) }
        swiftCrypto = scheme == .mlDSA65 ? try? MLDSA65.PublicKey(rawRepresentation: bytes) : nil
        precondition((swiftCrypto != nil) == (scheme == .mlDSA65), "swift-crypto did not take a key that we take")
    }

    /// The verdict of all about a signature; ends the program when they differ.
    func verdict(_ signature: [UInt8], _ message: [UInt8], _ context: [UInt8]) -> Bool {
        let representative = key.representative(of: message, context: context)
        let expected = key.isValid(signature, for: representative)
        for (kernel, verifier) in zip(Kernel.available, native) {
            let verdict = verifier.isValid(signature, for: message, context: context)
            precondition(verdict == expected, "kernel \(kernel) says \(verdict), the reference \(expected)")
            let external = MessageRepresentative(bytes: representative).map { verifier.isValid(signature, for: $0) }
            precondition(external == expected, "kernel \(kernel) says otherwise of the representative")
        }
        if let swiftCrypto {
            let verdict = swiftCrypto.isValidSignature(signature, for: message, context: context)
            precondition(verdict == expected, "swift-crypto says \(verdict), the reference \(expected)")
        }
        return expected
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
