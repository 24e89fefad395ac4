/// A private key that signs for one identity.
public protocol Signer: Sendable {
    /// The public key under which others verify what this key signs.
    var verificationKey: VerificationKey { get }

    /// Signs a message in a context that keeps signatures of different purposes apart.
    ///
    /// Signing is randomised: two signatures of the same message differ, and both are valid.
    ///
    /// The message is best a 32-byte digest; the context has at most 255 bytes (FIPS 204, section 5.2).
    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8]
}

/// A public key made ready to verify many signatures.
public protocol Verifier: Sendable {
    /// Whether the holder of the private key signed this very message in this very context.
    ///
    /// A signature of any length and content may be asked about; one that is no signature at all is not valid.
    func isValid(_ signature: [UInt8], for message: [UInt8], context: [UInt8]) -> Bool
}

/// A public key and the scheme that it belongs to.
public struct VerificationKey: Hashable, Sendable {
    /// The scheme.
    public let scheme: SignatureScheme
    /// The key as its scheme encodes it (FIPS 204, algorithm 22 `pkEncode`).
    public let bytes: [UInt8]

    /// Creates a key of bytes that have the scheme's length.
    public init(scheme: SignatureScheme, bytes: [UInt8]) throws(KeyError) {
        let expected = scheme.verificationKeyByteCount
        guard bytes.count == expected else { throw .wrongLength(bytes.count, expected: expected) }
        self.scheme = scheme
        self.bytes = bytes
    }

    init(scheme: SignatureScheme, derivedBytes bytes: [UInt8]) {
        self.scheme = scheme
        self.bytes = bytes
    }
}

/// Why a message was not signed.
public enum SigningError: Error, Equatable, Sendable {
    /// The context has more than 255 bytes.
    case contextTooLong(Int)
    /// The randomness has not 32 bytes.
    case wrongRandomness(Int)
    /// The implementation gave no signature, or one that proved invalid and was not released.
    case failed
}

extension SigningError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .contextTooLong(let count): "a signature's context has at most 255 bytes, not \(count)"
        case .wrongRandomness(let count): "a signature needs 32 bytes of randomness, not \(count)"
        case .failed: "the message could not be signed"
        }
    }
}

/// Why bytes are not a key.
public enum KeyError: Error, Equatable, Sendable {
    /// A key or seed of this kind has another length.
    case wrongLength(Int, expected: Int)
    /// The length is right, the content is not.
    case malformed
    /// The implementation that was asked for does not know the scheme.
    case notImplemented(SignatureScheme, SignatureImplementation)
}

extension KeyError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .wrongLength(let count, let expected): "the key has \(count) bytes where \(expected) are expected"
        case .malformed: "the bytes are not a key"
        case .notImplemented(let scheme, let implementation): "\(implementation) does not implement \(scheme)"
        }
    }
}
