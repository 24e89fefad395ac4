/// What a timeout says: this view has failed for me, and this is the view of my highest quorum certificate.
public struct TimeoutStatement: Hashable, Sendable, BorshCodable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch whose validators speak.
    public let epoch: Epoch
    /// The view that is given up.
    public let view: View
    /// The view of the highest quorum certificate that the sender holds.
    public let highestCertifiedView: View

    /// Creates a statement of its fields.
    public init(chain: Digest, epoch: Epoch, view: View, highestCertifiedView: View) {
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.highestCertifiedView = highestCertifiedView
    }

    /// The digest that is signed.
    public var digest: Digest { Domain.timeout.digest(of: self) }

    /// 56 bytes, always.
    public static var minimumEncodedSize: Int { 56 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(highestCertifiedView)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        highestCertifiedView = try decoder.read()
    }
}

/// A signed timeout with the certificates that it rests on.
///
/// It shows the certificate that it names and the one by which its sender entered its view, so one timeout brings any
/// lagging replica up to date.
public struct Timeout: Hashable, Sendable {
    /// What is said.
    public let statement: TimeoutStatement
    /// Who says it.
    public let sender: ReplicaID
    /// The sender's signature over the statement's digest.
    public let signature: Signature
    /// The certificates of the sender; the highest quorum certificate is of the view that the statement names.
    public let certificates: CertificatePair

    /// Creates a timeout.
    public init(
        statement: TimeoutStatement,
        sender: ReplicaID,
        signature: Signature,
        certificates: CertificatePair
    ) {
        self.statement = statement
        self.sender = sender
        self.signature = signature
        self.certificates = certificates
    }
}

extension Timeout: BorshCodable {
    /// Appends statement, sender, signature and certificates.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(statement)
        encoder.append(sender)
        encoder.append(signature)
        encoder.append(certificates)
    }

    /// Reads statement, sender, signature and certificates.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        statement = try decoder.read()
        sender = try decoder.read()
        signature = try decoder.read()
        certificates = try decoder.read()
    }
}
