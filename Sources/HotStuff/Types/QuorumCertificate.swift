/// A vote statement with the signatures of a quorum.
///
/// Its identity is the digest of its statement: certificates of one statement are the same certificate, whoever signed.
/// Two that differ only in signatures are not `==`, though, for their bytes differ.
public struct QuorumCertificate: Hashable, Sendable {
    /// What the quorum says.
    public let statement: VoteStatement
    /// Who says it; nobody in the certificate of a genesis, which every replica derives for itself.
    public let signatures: SignatureSet

    /// Creates a certificate; whether it is valid is for a verifier to say.
    public init(statement: VoteStatement, signatures: SignatureSet) {
        self.statement = statement
        self.signatures = signatures
    }

    /// The certificate of the block with which an epoch begins: without signatures, valid only where it is derived.
    public static func genesis(_ header: BlockHeader) -> QuorumCertificate {
        let id = header.id
        let statement = VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            block: id,
            height: header.height,
            parentView: header.justifyView,
            commits: id
        )
        return QuorumCertificate(statement: statement, signatures: .empty)
    }

    /// What stands where the certificate of a final block's parent is missing: it names the parent and its view, says nothing
    /// else, and is valid nowhere.
    static func withheld(by header: BlockHeader) -> QuorumCertificate {
        let statement = VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.justifyView,
            block: header.parent,
            height: Height(max(header.height.rawValue, 1) - 1),
            parentView: .genesis,
            commits: nil
        )
        return QuorumCertificate(statement: statement, signatures: .empty)
    }

    /// Whether this stands for a certificate that is missing; that of a genesis, which has no signatures either, commits its block.
    public var isWithheld: Bool { signatures.isEmpty && statement.commits == nil }

    /// The digest of the statement, whatever the signatures.
    public var identity: Digest { statement.digest }

    /// The view of the certified block.
    public var view: View { statement.view }

    /// The name of the certified block.
    public var block: Digest { statement.block }
}

extension QuorumCertificate: BorshCodable {
    /// Statement and an empty signature set.
    public static var minimumEncodedSize: Int { VoteStatement.minimumEncodedSize + SignatureSet.minimumEncodedSize }

    /// Appends statement and signatures.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(statement)
        encoder.append(signatures)
    }

    /// Reads statement and signatures.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        statement = try decoder.read()
        signatures = try decoder.read()
    }
}
