/// The timeouts of a quorum for one view, with the highest quorum certificate that any of them names.
public struct TimeoutCertificate: Hashable, Sendable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch whose validators speak.
    public let epoch: Epoch
    /// The view that a quorum gave up.
    public let view: View
    /// Who gave it up, with the signature of each over its own timeout statement.
    public let signatures: SignatureSet
    /// The highest certified view that each signer names, in the order of the signers.
    public let certifiedViews: [View]
    /// The certificate of the highest of those views.
    public let highest: QuorumCertificate

    /// Creates a certificate; whether it is valid is for a verifier to say.
    public init(
        chain: Digest,
        epoch: Epoch,
        view: View,
        signatures: SignatureSet,
        certifiedViews: [View],
        highest: QuorumCertificate
    ) {
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.signatures = signatures
        self.certifiedViews = certifiedViews
        self.highest = highest
    }

    /// The statement that a signer signed which names a certified view.
    public func statement(naming certifiedView: View) -> TimeoutStatement {
        TimeoutStatement(chain: chain, epoch: epoch, view: view, highestCertifiedView: certifiedView)
    }
}

extension TimeoutCertificate: BorshCodable {
    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(signatures)
        encoder.appendList(certifiedViews)
        encoder.append(highest)
    }

    /// Reads all fields; there is one certified view for each signature.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        signatures = try decoder.read()
        certifiedViews = try decoder.readList(maximum: ValidatorSet.maximumCount)
        guard certifiedViews.count == signatures.count else { throw .notCanonical }
        highest = try decoder.read()
    }
}
