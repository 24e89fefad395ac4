/// Everything that one replica says to another.
public enum Message: Hashable, Sendable {
    /// A leader's block.
    case proposal(Proposal)
    /// A vote for a block.
    case vote(Vote)
    /// A view given up.
    case timeout(Timeout)
    /// Where the sender stands; sent on a new connection, and to a replica that shows lower certificates.
    case certificates(CertificatePair)
    /// Commands of clients for the receiver's pool.
    case commands([Command])
    /// A request for blocks.
    case blockRequest(BlockRequest)
    /// The answer to such a request.
    case blockResponse(BlockResponse)
}

/// A request for the ancestors of a block, and the block itself, from a height upwards.
public struct BlockRequest: Hashable, Sendable, BorshCodable {
    /// The block that is sought.
    public let target: Digest
    /// The height of the asker's last block on the way there; wanted are the ones above.
    public let above: Height

    /// The most blocks that an answer holds.
    public static let maximumBlockCount = 64

    /// Creates a request.
    public init(target: Digest, above: Height) {
        self.target = target
        self.above = above
    }

    /// Forty bytes, always.
    public static var minimumEncodedSize: Int { 40 }

    /// Appends target and height.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(target)
        encoder.append(above)
    }

    /// Reads target and height.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        target = try decoder.read()
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

extension Message: BorshCodable {
    private enum Tag {
        static let proposal: UInt8 = 1
        static let vote: UInt8 = 2
        static let timeout: UInt8 = 3
        static let certificates: UInt8 = 4
        static let commands: UInt8 = 5
        static let blockRequest: UInt8 = 6
        static let blockResponse: UInt8 = 7
    }

    /// Appends a tag and what it stands for.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .proposal(let proposal):
            encoder.append(Tag.proposal)
            encoder.append(proposal)
        case .vote(let vote):
            encoder.append(Tag.vote)
            encoder.append(vote)
        case .timeout(let timeout):
            encoder.append(Tag.timeout)
            encoder.append(timeout)
        case .certificates(let pair):
            encoder.append(Tag.certificates)
            encoder.append(pair)
        case .commands(let commands):
            encoder.append(Tag.commands)
            encoder.appendList(commands)
        case .blockRequest(let request):
            encoder.append(Tag.blockRequest)
            encoder.append(request)
        case .blockResponse(let response):
            encoder.append(Tag.blockResponse)
            encoder.append(response)
        }
    }

    /// Reads a tag and what it stands for.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.proposal: self = .proposal(try decoder.read())
        case Tag.vote: self = .vote(try decoder.read())
        case Tag.timeout: self = .timeout(try decoder.read())
        case Tag.certificates: self = .certificates(try decoder.read())
        case Tag.commands: self = .commands(try decoder.readList(maximum: Payload.maximumCommandCount))
        case Tag.blockRequest: self = .blockRequest(try decoder.read())
        case Tag.blockResponse: self = .blockResponse(try decoder.read())
        default: throw .invalidTag(tag)
        }
    }
}
