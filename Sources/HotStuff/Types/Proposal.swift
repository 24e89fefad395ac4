/// What a proposer signs: this block is my only one for this view.
public struct ProposalStatement: Hashable, Sendable, BorshCodable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch of the block.
    public let epoch: Epoch
    /// The view of the block.
    public let view: View
    /// The name of the block.
    public let block: Digest

    /// Creates the statement that proposes a block.
    public init(proposing header: BlockHeader, id: Digest) {
        chain = header.chain
        epoch = header.epoch
        view = header.view
        block = id
    }

    /// The digest that is signed.
    public var digest: Digest { Domain.proposal.digest(of: self) }

    /// 80 bytes, always.
    public static var minimumEncodedSize: Int { 80 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(block)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        block = try decoder.read()
    }
}

/// A leader's block for its view, signed, with the certificate by which the view was entered.
public struct Proposal: Hashable, Sendable {
    /// The proposed block.
    public let block: Block
    /// The timeout certificate of the view before, if the block's own certificate is older than that.
    public let timeoutCertificate: TimeoutCertificate?
    /// The proposer's signature over the proposal statement's digest.
    public let signature: Signature

    /// Creates a proposal.
    public init(block: Block, timeoutCertificate: TimeoutCertificate?, signature: Signature) {
        self.block = block
        self.timeoutCertificate = timeoutCertificate
        self.signature = signature
    }

    /// What the proposer signed.
    public var statement: ProposalStatement { ProposalStatement(proposing: block.header, id: block.id) }
}

extension Proposal: BorshCodable {
    /// Appends block, timeout certificate and signature.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(block)
        encoder.appendOptional(timeoutCertificate)
        encoder.append(signature)
    }

    /// Reads block, timeout certificate and signature.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        block = try decoder.read()
        timeoutCertificate = try decoder.readOptional()
        signature = try decoder.read()
    }
}
