/// A header with its commands and the certificate of its parent.
///
/// A block is only made by hashing its header, so `id` is always the header's.
public struct Block: Hashable, Sendable {
    /// What the block is named by.
    public let header: BlockHeader
    /// Its commands.
    public let payload: Payload
    /// The certificate of the block that it extends.
    public let justify: QuorumCertificate
    /// The hash of the header.
    public let id: Digest

    /// Creates a block; whether its parts fit each other is for a verifier to say.
    public init(header: BlockHeader, payload: Payload, justify: QuorumCertificate) {
        self.header = header
        self.payload = payload
        self.justify = justify
        id = header.id
    }

    /// Its view.
    public var view: View { header.view }
    /// Its height.
    public var height: Height { header.height }
}

extension Block: BorshCodable {
    /// Header, an empty payload and a certificate.
    public static var minimumEncodedSize: Int {
        BlockHeader.minimumEncodedSize + Payload.minimumEncodedSize + QuorumCertificate.minimumEncodedSize
    }

    /// Appends header, payload and certificate.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(header)
        encoder.append(payload)
        encoder.append(justify)
    }

    /// Reads header, payload and certificate.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(header: try decoder.read(), payload: try decoder.read(), justify: try decoder.read())
    }
}
