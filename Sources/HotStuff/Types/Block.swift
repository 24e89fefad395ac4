/// A header with its commands and the certificate of its parent.
///
/// A block is only made by hashing its header, so `id` is always the header's. It is a value whose parts are shared: a copy costs
/// a reference, for a block is handed on from the network to the tree, the journal, the application and the others.
public struct Block: Sendable {
    private final class Parts: Sendable {
        let header: BlockHeader
        let payload: Payload
        let justify: QuorumCertificate
        let id: Digest

        init(header: BlockHeader, payload: Payload, justify: QuorumCertificate, id: Digest) {
            self.header = header
            self.payload = payload
            self.justify = justify
            self.id = id
        }
    }

    private let parts: Parts

    /// Creates a block; whether its parts fit each other is for a verifier to say.
    public init(header: BlockHeader, payload: Payload, justify: QuorumCertificate) {
        parts = Parts(header: header, payload: payload, justify: justify, id: header.id)
    }

    /// Creates a final block without the certificate of its parent: the certificate of a descendant proves both.
    public init(bare header: BlockHeader, payload: Payload) {
        self.init(header: header, payload: payload, justify: .withheld(by: header))
    }

    private init(_ parts: Parts) { self.parts = parts }

    /// Whether the certificate of the parent is missing, as in blocks that came in a range.
    public var isBare: Bool { justify.isWithheld }

    /// The same block without the certificate of its parent.
    public var bare: Block {
        let withheld = QuorumCertificate.withheld(by: header)
        return justify == withheld ? self : Block(Parts(header: header, payload: payload, justify: withheld, id: id))
    }

    /// What the block is named by.
    public var header: BlockHeader { parts.header }
    /// Its commands.
    public var payload: Payload { parts.payload }
    /// The certificate of the block that it extends.
    public var justify: QuorumCertificate { parts.justify }
    /// The hash of the header.
    public var id: Digest { parts.id }
    /// Its view.
    public var view: View { parts.header.view }
    /// Its height.
    public var height: Height { parts.header.height }
}

extension Block: Hashable {
    /// Whether all parts are equal: two blocks of one name may still hold different certificates of the same parent.
    public static func == (left: Block, right: Block) -> Bool {
        left.parts === right.parts
            || left.parts.id == right.parts.id && left.parts.payload == right.parts.payload
                && left.parts.justify == right.parts.justify
    }

    /// Feeds the name, which almost always says all.
    public func hash(into hasher: inout Hasher) { hasher.combine(parts.id) }
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
