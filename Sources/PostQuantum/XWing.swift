internal import Crypto

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// X-Wing, a key agreement that holds as long as either ML-KEM-768 or X25519 does.
///
/// One side generates a key pair and sends the public key; the other encapsulates a fresh secret to it and sends the
/// ciphertext back. Who listens learns nothing, now or with a quantum computer later. X-Wing says nothing about *who* the
/// other side is: signatures over both messages must. Source: draft-connolly-cfrg-xwing-kem-06.
public enum XWing {
    /// The number of bytes of a public key.
    public static let publicKeyByteCount = 1_216
    /// The number of bytes of a ciphertext.
    public static let ciphertextByteCount = 1_120
    /// The number of bytes of the secret that both sides end up with.
    public static let sharedSecretByteCount = 32

    /// A key pair for one connection; forgetting it makes the connection's past unreadable.
    public struct EphemeralKey: Sendable {
        /// What the other side encapsulates to.
        public let publicKey: [UInt8]
        private let privateKey: XWingMLKEM768X25519.PrivateKey

        /// Generates a fresh pair.
        public init() throws(KeyAgreementError) {
            guard let key = try? XWingMLKEM768X25519.PrivateKey.generate() else { throw .failed }
            privateKey = key
            publicKey = Array(key.publicKey.rawRepresentation)
        }

        /// Recovers the secret from a ciphertext.
        ///
        /// A ciphertext that was altered on its way gives *another* secret, not an error (implicit rejection): what is
        /// sealed under it tells.
        public func decapsulate(_ ciphertext: [UInt8]) throws(KeyAgreementError) -> SecretBytes {
            guard ciphertext.count == XWing.ciphertextByteCount else {
                throw .wrongLength(ciphertext.count, expected: XWing.ciphertextByteCount)
            }
            guard let secret = try? privateKey.decapsulate(Data(ciphertext)) else { throw .failed }
            return SecretBytes(secret)
        }
    }

    /// A fresh secret and the ciphertext that carries it to the holder of a private key.
    public struct Encapsulation: Sendable {
        /// The secret, 32 bytes.
        public let sharedSecret: SecretBytes
        /// What to send.
        public let ciphertext: [UInt8]
    }

    /// Draws a fresh secret and encapsulates it to a public key that nobody has checked.
    public static func encapsulate(to publicKey: [UInt8]) throws(KeyAgreementError) -> Encapsulation {
        guard publicKey.count == publicKeyByteCount else {
            throw .wrongLength(publicKey.count, expected: publicKeyByteCount)
        }
        guard let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
            let result = try? key.encapsulate()
        else { throw .failed }
        return Encapsulation(sharedSecret: SecretBytes(result.sharedSecret), ciphertext: Array(result.encapsulated))
    }
}

/// Why no secret was agreed on.
public enum KeyAgreementError: Error, Equatable, Sendable {
    /// A public key or ciphertext has another length.
    case wrongLength(Int, expected: Int)
    /// The implementation refuses the key or ciphertext.
    case failed
}

extension KeyAgreementError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .wrongLength(let count, let expected): "\(count) bytes where \(expected) are expected"
        case .failed: "the key agreement failed"
        }
    }
}
