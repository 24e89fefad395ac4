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
