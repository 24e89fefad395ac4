/// The document with which a chain begins; its digest is the chain's identity in every statement.
public struct Genesis: Hashable, Sendable {
    /// A name for people, which keeps apart chains that have the same validators.
    public let name: String
    /// The validators of the first epoch.
    public let validators: ValidatorSet
    /// The scheme of all signatures, by name.
    public let signatureScheme: String
    /// The numbers that all replicas share.
    public let parameters: ChainParameters

    /// Creates a genesis document.
    public init(name: String, validators: ValidatorSet, signatureScheme: String, parameters: ChainParameters) {
        self.name = name
        self.validators = validators
        self.signatureScheme = signatureScheme
        self.parameters = parameters
    }

    /// The identity of the chain: the digest of the whole document.
    public var chain: Digest { Domain.genesis.digest(of: self) }

    /// The header of the first block, which everybody derives and nobody signs.
    public var header: BlockHeader {
        BlockHeader(
            chain: chain,
            epoch: .first,
            view: .genesis,
            height: .genesis,
            parent: .zero,
            justifyView: .genesis,
            proposer: ReplicaID(0),
            payloadDigest: Payload.empty.digest,
            executed: .genesis,
            time: Timestamp(0)
        )
    }
}

extension Genesis: BorshEncodable {
    /// Appends version, name, validators, scheme and parameters.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(BlockHeader.currentVersion)
        encoder.appendText(name)
        encoder.append(validators)
        encoder.appendText(signatureScheme)
        encoder.append(parameters)
    }
}
