/// A signature with its signer and the digest that it is over.
public struct SignedDigest: Hashable, Sendable {
    /// Who is said to have signed.
    public let signer: ReplicaID
    /// The digest of what is signed.
    public let digest: Digest
    /// The signature.
    public let signature: Signature

    /// Creates what a verifier is asked about.
    public init(_ signature: Signature, on digest: Digest, by signer: ReplicaID) {
        self.signer = signer
        self.digest = digest
        self.signature = signature
    }
}

/// A judge of the signatures of one epoch's validators.
public protocol SignatureVerifier: Sendable {
    /// Whether a validator made this signature over this statement's digest.
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool

    /// The index of the first signature that is not valid; none if all are valid.
    ///
    /// All before the first are valid; of those behind it nothing is said, and most of them need no work. So whoever sends
    /// garbage makes us verify one signature, not as many as fit into a message.
    ///
    /// A verifier may spread the work over threads; the answer does not depend on it.
    func firstInvalid(of signed: [SignedDigest]) -> Int?
}

extension SignatureVerifier {
    /// Verifies one after the other up to the first that is not valid.
    public func firstInvalid(of signed: [SignedDigest]) -> Int? {
        signed.firstIndex { !isValid($0.signature, on: $0.digest, by: $0.signer) }
    }
}
