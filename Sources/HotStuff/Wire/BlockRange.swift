/// A request for final blocks by height, wherever they are in the chain.
public struct RangeRequest: Hashable, Sendable, BorshCodable {
    /// The height below the first block that is wanted.
    public let above: Height
    /// The height of the last block that is wanted.
    public let through: Height

    /// The most blocks that are asked for at once.
    public static let maximumBlockCount = 512

    /// Creates a request.
    public init(above: Height, through: Height) {
        self.above = above
        self.through = through
    }

    /// Sixteen bytes, always.
    public static var minimumEncodedSize: Int { 16 }

    /// Appends both heights.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(above)
        encoder.append(through)
    }

    /// Reads both heights.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        above = try decoder.read()
        through = try decoder.read()
    }
}

/// Final blocks that follow one another, and one certificate that proves all of them.
///
/// The certificate's statement commits the last block; that names its parent, and so down to the first. The certificates of the
/// parents are left out: they would be twenty times as long as a small block, and prove nothing more.
public struct BlockRange: Hashable, Sendable {
    /// The height below the first block, as it was asked.
    public let above: Height
    /// The blocks in ascending order, all bare; none if the sender has none.
    public let blocks: [Block]
    /// What makes the last of them final; none if there are no blocks.
    public let certificate: QuorumCertificate?

    /// How far above a final block its proof is looked for: the most blocks from it up to one that a certificate commits.
    ///
    /// It is more than a replica archives under one certificate.
    public static let maximumPathCount = 1_024
    /// The most blocks of a range: some more than are asked for, up to the next one that a certificate commits.
    public static let maximumBlockCount = RangeRequest.maximumBlockCount + maximumPathCount

    /// Creates a range of blocks; what they hold beside header and payload is left out.
    public init(above: Height, blocks: [Block], certificate: QuorumCertificate) {
        self.above = above
        self.blocks = blocks.map(\.bare)
        self.certificate = certificate
    }

    /// Creates the answer of one who has no such blocks.
    public init(nothingAbove above: Height) {
        self.above = above
        blocks = []
        certificate = nil
    }
}

extension BlockRange: BorshCodable {
    /// A height, no blocks, no certificate.
    public static var minimumEncodedSize: Int { 13 }

    /// Appends the height, header and payload of each block, and the certificate.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(above)
        encoder.appendList(blocks.map(Bare.init))
        encoder.appendOptional(certificate)
    }

    /// Reads the height, header and payload of each block, and the certificate.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        above = try decoder.read()
        let bare: [Bare] = try decoder.readList(maximum: BlockRange.maximumBlockCount)
        blocks = bare.map(\.block)
        certificate = try decoder.readOptional()
    }

    /// A block on the wire.
    private struct Bare: BorshCodable {
        let block: Block

        init(_ block: Block) { self.block = block }

        static var minimumEncodedSize: Int { BlockHeader.minimumEncodedSize + Payload.minimumEncodedSize }

        func encode(into encoder: inout BorshEncoder) {
            encoder.append(block.header)
            encoder.append(block.payload)
        }

        init(from decoder: inout BorshDecoder) throws(DecodingError) {
            block = Block(bare: try decoder.read(), payload: try decoder.read())
        }
    }
}
