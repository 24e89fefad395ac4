/// Everything that one replica says to another.
///
/// Held by reference: a message is handed on a dozen times, and its parts are large.
public indirect enum Message: Hashable, Sendable {
    /// A leader's block.
    case proposal(Proposal)
    /// A leader's block without the certificate of its parent, which the receiver has collected itself.
    case briefProposal(BriefProposal)
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
    /// A request for final blocks by height.
    case rangeRequest(RangeRequest)
    /// The answer to such a request.
    case blockRange(BlockRange)
    /// A question about snapshots.
    case snapshotRequest(SnapshotRequest)
    /// The answer to such a question.
    case snapshotAnswer(SnapshotAnswer)
    /// What the sender has last heard of the receiver itself.
    case echo(Echo)
    /// A request to go on up to a view, though there be nothing to order, by one who may sign nothing before.
    case plea(View)
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
        static let echo: UInt8 = 8
        static let plea: UInt8 = 9
        static let rangeRequest: UInt8 = 10
        static let blockRange: UInt8 = 11
        static let snapshotRequest: UInt8 = 12
        static let snapshotAnswer: UInt8 = 13
        static let briefProposal: UInt8 = 14
    }

    /// Appends a tag and what it stands for.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .proposal(let proposal):
            encoder.append(Tag.proposal)
            encoder.append(proposal)
        case .briefProposal(let brief):
            encoder.append(Tag.briefProposal)
            encoder.append(brief)
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
        case .rangeRequest(let request):
            encoder.append(Tag.rangeRequest)
            encoder.append(request)
        case .blockRange(let range):
            encoder.append(Tag.blockRange)
            encoder.append(range)
        case .snapshotRequest(let request):
            encoder.append(Tag.snapshotRequest)
            encoder.append(request)
        case .snapshotAnswer(let answer):
            encoder.append(Tag.snapshotAnswer)
            encoder.append(answer)
        case .echo(let echo):
            encoder.append(Tag.echo)
            encoder.append(echo)
        case .plea(let view):
            encoder.append(Tag.plea)
            encoder.append(view)
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
        case Tag.commands:
            self = .commands(try Command.readList(from: &decoder, maximum: Payload.maximumCommandCount))
        case Tag.blockRequest: self = .blockRequest(try decoder.read())
        case Tag.blockResponse: self = .blockResponse(try decoder.read())
        case Tag.echo: self = .echo(try decoder.read())
        case Tag.plea: self = .plea(try decoder.read())
        case Tag.rangeRequest: self = .rangeRequest(try decoder.read())
        case Tag.blockRange: self = .blockRange(try decoder.read())
        case Tag.snapshotRequest: self = .snapshotRequest(try decoder.read())
        case Tag.briefProposal: self = .briefProposal(try decoder.read())
        case Tag.snapshotAnswer: self = .snapshotAnswer(try decoder.read())
        default: throw .invalidTag(tag)
        }
    }
}
