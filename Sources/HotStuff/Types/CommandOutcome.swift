/// What became of a command that was ordered.
public enum CommandOutcome: Hashable, Sendable {
    /// It was executed, once, with this reply.
    case executed([UInt8])
    /// It opened this session.
    case opened(SessionID)
    /// Its session is not open: it was never opened or has been evicted. The command was not executed.
    case unknownSession
    /// Its number lies too far below or above the session's others to tell whether it ran. It was not executed now.
    case sequenceOutOfRange
    /// It was executed before, but the reply is no longer kept.
    case replyForgotten
}

extension CommandOutcome: BorshCodable {
    private enum Tag {
        static let executed: UInt8 = 0
        static let opened: UInt8 = 1
        static let unknownSession: UInt8 = 2
        static let sequenceOutOfRange: UInt8 = 3
        static let replyForgotten: UInt8 = 4
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .executed(let body):
            encoder.append(Tag.executed)
            encoder.appendBytes(body)
        case .opened(let session):
            encoder.append(Tag.opened)
            encoder.append(session)
        case .unknownSession: encoder.append(Tag.unknownSession)
        case .sequenceOutOfRange: encoder.append(Tag.sequenceOutOfRange)
        case .replyForgotten: encoder.append(Tag.replyForgotten)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.executed: self = .executed(try decoder.readBytes(maximum: Reply.maximumByteCount))
        case Tag.opened: self = .opened(try decoder.read())
        case Tag.unknownSession: self = .unknownSession
        case Tag.sequenceOutOfRange: self = .sequenceOutOfRange
        case Tag.replyForgotten: self = .replyForgotten
        default: throw .invalidTag(tag)
        }
    }
}
