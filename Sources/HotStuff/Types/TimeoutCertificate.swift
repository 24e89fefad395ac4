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

/// The certificates by which a replica stands where it stands: its highest quorum certificate and, if its view was
/// entered by one, the timeout certificate of the view before.
public struct CertificatePair: Hashable, Sendable {
    /// The highest quorum certificate.
    public let quorum: QuorumCertificate
    /// The timeout certificate, if it is of a higher view than the quorum certificate.
    public let timeout: TimeoutCertificate?

    /// Creates a pair; a timeout certificate that is not higher than the quorum certificate is left out.
    public init(quorum: QuorumCertificate, timeout: TimeoutCertificate?) {
        self.quorum = quorum
        self.timeout = timeout.flatMap { $0.view > quorum.view ? $0 : nil }
    }

    /// The highest view that these certificates show to be over.
    public var view: View { timeout?.view ?? quorum.view }
}

extension CertificatePair: BorshCodable {
    /// A quorum certificate and no timeout certificate.
    public static var minimumEncodedSize: Int { QuorumCertificate.minimumEncodedSize + 1 }

    /// Appends both.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(quorum)
        encoder.appendOptional(timeout)
    }

    /// Reads both; a timeout certificate is there only if it adds something.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        quorum = try decoder.read()
        timeout = try decoder.readOptional()
        if let timeout, timeout.view <= quorum.view { throw .notCanonical }
    }
}
