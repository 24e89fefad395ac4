/// A request for the ancestors of a block, and the block itself, from a height upwards.
public struct BlockRequest: Hashable, Sendable, BorshCodable {
    /// The block that is sought.
    public let target: Digest
    /// The height of that block, as its certificate says.
    public let height: Height
    /// The height of the asker's last block on the way there; wanted are the ones above.
    public let above: Height

    /// The most blocks that an answer holds.
    public static let maximumBlockCount = 64

    /// Creates a request.
    public init(target: Digest, at height: Height, above: Height) {
        self.target = target
        self.height = height
        self.above = above
    }

    /// Forty-eight bytes, always.
    public static var minimumEncodedSize: Int { 48 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(target)
        encoder.append(height)
        encoder.append(above)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        target = try decoder.read()
        height = try decoder.read()
        above = try decoder.read()
    }
}

/// Blocks that follow one another, in ascending order; none if the sender does not know the target.
public struct BlockResponse: Hashable, Sendable, BorshCodable {
    /// The block that was sought.
    public let target: Digest
    /// Blocks on the way to it, each the parent of the next.
    public let blocks: [Block]

    /// Creates a response.
    public init(target: Digest, blocks: [Block]) {
        self.target = target
        self.blocks = blocks
    }

    /// Target and a count.
    public static var minimumEncodedSize: Int { 36 }

    /// Appends target and blocks.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(target)
        encoder.appendList(blocks)
    }

    /// Reads target and blocks.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        target = try decoder.read()
        blocks = try decoder.readList(maximum: BlockRequest.maximumBlockCount)
    }
}
