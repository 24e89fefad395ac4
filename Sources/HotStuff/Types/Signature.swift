/// The bytes of a signature, of which this module knows nothing but that a `SignatureVerifier` can judge them.
public struct Signature: Hashable, Sendable {
    /// The signature as its scheme encodes it.
    public let bytes: [UInt8]

    /// The longest signature that is read from the wire; ML-DSA-87 has 4,627 bytes.
    public static let maximumByteCount = 4_627

    /// Creates a signature of its bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension Signature: BorshCodable {
    /// Four bytes of length.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the bytes with their length.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendBytes(bytes) }

    /// Reads bytes with their length.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(try decoder.readBytes(maximum: Signature.maximumByteCount))
    }
}

/// Judges signatures of the validators of one epoch.
public protocol SignatureVerifier: Sendable {
    /// Whether a validator made this signature over this statement's digest.
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool
}
