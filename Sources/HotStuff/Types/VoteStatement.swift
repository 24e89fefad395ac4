/// What a vote says and a quorum certificate multiplies: the bytes that are signed.
///
/// `commits` makes one certificate a proof of finality: a quorum for this very statement makes the block named there final.
public struct VoteStatement: Hashable, Sendable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch whose validators vote.
    public let epoch: Epoch
    /// The view of the block.
    public let view: View
    /// The name of the block.
    public let block: Digest
    /// The height of the block.
    public let height: Height
    /// The view of the block's parent.
    public let parentView: View
    /// The block that becomes final when a quorum signs this statement; none if none does.
    public let commits: Digest?

    /// Creates a statement of its fields.
    public init(
        chain: Digest,
        epoch: Epoch,
        view: View,
        block: Digest,
        height: Height,
        parentView: View,
        commits: Digest?
    ) {
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.block = block
        self.height = height
        self.parentView = parentView
        self.commits = commits
    }

    /// The digest that is signed, which is also the identity of a certificate of it.
    public var digest: Digest { Domain.vote.digest(of: self) }
}

extension VoteStatement: BorshCodable {
    /// All fields, with nothing committed.
    public static var minimumEncodedSize: Int { 97 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(block)
        encoder.append(height)
        encoder.append(parentView)
        encoder.appendOptional(commits)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        block = try decoder.read()
        height = try decoder.read()
        parentView = try decoder.read()
        commits = try decoder.readOptional()
    }
}
