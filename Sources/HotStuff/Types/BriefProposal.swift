/// A leader's proposal without the certificate of its block's parent, for those who have collected the votes themselves.
///
/// The header's `parent` and `justifyView` name that certificate: a quorum signs one statement for a block in a view and no other. It saves the
/// signatures, which are most of a block with few commands: n times 2.4 KB. The certificate is always of the view before, so there is
/// no timeout certificate either.
public struct BriefProposal: Hashable, Sendable {
    /// The header of the proposed block.
    public let header: BlockHeader
    /// Its commands.
    public let payload: Payload
    /// The proposer's signature over the proposal statement's digest.
    public let signature: Signature

    /// Creates a brief proposal.
    public init(header: BlockHeader, payload: Payload, signature: Signature) {
        self.header = header
        self.payload = payload
        self.signature = signature
    }

    /// What the proposer signed: the same as of the whole proposal.
    public var statement: ProposalStatement { ProposalStatement(proposing: header, id: header.id) }

    /// The whole proposal, with a certificate; whether that is the one that is named is for a verifier to say.
    public func whole(with justify: QuorumCertificate) -> Proposal {
        Proposal(
            block: Block(header: header, payload: payload, justify: justify),
            timeoutCertificate: nil,
            signature: signature
        )
    }
}

extension Proposal {
    /// The same without the certificate of the parent; nothing if that is not of the view before.
    public var brief: BriefProposal? {
        guard timeoutCertificate == nil, block.view.follows(block.header.justifyView) else { return nil }
        return BriefProposal(header: block.header, payload: block.payload, signature: signature)
    }
}

extension BriefProposal: BorshCodable {
    /// Header, an empty payload and an empty signature.
    public static var minimumEncodedSize: Int {
        BlockHeader.minimumEncodedSize + Payload.minimumEncodedSize + Signature.minimumEncodedSize
    }

    /// Appends header, payload and signature.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(header)
        encoder.append(payload)
        encoder.append(signature)
    }

    /// Reads header, payload and signature.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        header = try decoder.read()
        payload = try decoder.read()
        signature = try decoder.read()
    }
}
