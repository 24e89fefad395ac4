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
