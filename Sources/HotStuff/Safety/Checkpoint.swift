/// Where a replica stood when a segment of its journal began: with the records behind it, all that the segments before held that is
/// still needed.
public struct Checkpoint: Hashable, Sendable, BorshCodable {
    /// The last final block.
    public let committed: Block
    /// The certificates on which the last timeout rests, if a view was given up.
    public let timeoutCertificates: CertificatePair?
    /// The timeout certificate by which the view of the last proposal was entered, if it was entered by one.
    public let proposalCertificate: TimeoutCertificate?

    /// Creates a checkpoint.
    public init(
        committed: Block,
        timeoutCertificates: CertificatePair?,
        proposalCertificate: TimeoutCertificate?
    ) {
        self.committed = committed
        self.timeoutCertificates = timeoutCertificates
        self.proposalCertificate = proposalCertificate
    }

    /// A block and two absent certificates.
    public static var minimumEncodedSize: Int { Block.minimumEncodedSize + 2 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(committed)
        encoder.appendOptional(timeoutCertificates)
        encoder.appendOptional(proposalCertificate)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        committed = try decoder.read()
        timeoutCertificates = try decoder.readOptional()
        proposalCertificate = try decoder.readOptional()
    }
}
