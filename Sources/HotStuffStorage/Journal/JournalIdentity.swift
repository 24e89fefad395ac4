public import HotStuff

/// Whose journal it is.
public struct JournalIdentity: Hashable, Sendable {
    /// The chain: the digest of its genesis document.
    public var chain: Digest
    /// The replica: the digest of its public key.
    public var owner: Digest

    /// Creates the identity of a replica's journal on a chain.
    public init(chain: Digest, owner: Digest) {
        self.chain = chain
        self.owner = owner
    }

    /// The identity of a validator's journal on a chain.
    public init(chain: Digest, validator: Validator) {
        self.init(chain: chain, owner: Digest.hash(of: validator.verificationKey))
    }
}
