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
    /// Where the chain begins if it goes on from another one; nothing for a chain that begins with nothing.
    public let origin: Origin?

    /// Creates a genesis document.
    public init(
        name: String,
        validators: ValidatorSet,
        signatureScheme: String,
        parameters: ChainParameters,
        origin: Origin? = nil
    ) {
        self.name = name
        self.validators = validators
        self.signatureScheme = signatureScheme
        self.parameters = parameters
        self.origin = origin
    }

    /// The identity of the chain: the digest of the whole document.
    public var chain: Digest { Domain.genesis.digest(of: self) }

    /// The header of the first block, which everybody derives and nobody signs.
    ///
    /// In a chain that goes on from another one it stands at the height of that one's last block, which it names as its parent, and it
    /// claims the state behind it. It names its own view for that of its parent, so that no block above makes its parent final.
    public var header: BlockHeader {
        BlockHeader(
            chain: chain,
            epoch: origin?.epoch ?? .first,
            view: origin?.view ?? .genesis,
            height: origin?.height ?? .genesis,
            parent: origin?.block ?? .zero,
            justifyView: origin?.view ?? .genesis,
            proposer: ReplicaID(0),
            payloadDigest: Payload.empty.digest,
            executed: origin.map { ExecutedState(height: $0.height, digest: $0.state) } ?? .genesis,
            time: origin?.time ?? Timestamp(0)
        )
    }
}

extension Genesis: BorshEncodable {
    /// Appends version, name, validators, scheme and parameters, and the origin if there is one.
    ///
    /// Nothing stands for an origin that is not there: what is before it has one length only, by its own counts.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(BlockHeader.currentVersion)
        encoder.appendText(name)
        encoder.append(validators)
        encoder.appendText(signatureScheme)
        encoder.append(parameters)
        if let origin { encoder.append(origin) }
    }
}
