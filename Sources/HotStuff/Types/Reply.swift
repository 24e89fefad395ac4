/// What a state machine answers to one command, in its own encoding.
public struct Reply: Hashable, Sendable {
    /// The answer.
    public let body: [UInt8]

    /// Creates a reply.
    public init(_ body: [UInt8]) { self.body = body }
}

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
        case Tag.executed: self = .executed(try decoder.readBytes(maximum: CommandResult.maximumReplyByteCount))
        case Tag.opened: self = .opened(try decoder.read())
        case Tag.unknownSession: self = .unknownSession
        case Tag.sequenceOutOfRange: self = .sequenceOutOfRange
        case Tag.replyForgotten: self = .replyForgotten
        default: throw .invalidTag(tag)
        }
    }
}

/// What a replica tells a client about one command; equal at every honest replica.
public struct CommandResult: Hashable, Sendable, BorshCodable {
    /// The command's key.
    public let key: CommandKey
    /// The digest of the command that ran under this key; a client compares it with that of its own.
    public let command: Digest
    /// The height of the block in which it ran.
    public let height: Height
    /// What became of it.
    public let outcome: CommandOutcome

    /// The longest reply of a state machine.
    public static let maximumReplyByteCount = 1 << 20

    /// Creates a result.
    public init(key: CommandKey, command: Digest, height: Height, outcome: CommandOutcome) {
        self.key = key
        self.command = command
        self.height = height
        self.outcome = outcome
    }

    /// Key, digest, height and a tag.
    public static var minimumEncodedSize: Int { 61 }

    /// The number of bytes of its encoding.
    public var encodedSize: Int {
        switch outcome {
        case .executed(let body): CommandResult.minimumEncodedSize + 4 + body.count
        case .opened: CommandResult.minimumEncodedSize + SessionID.minimumEncodedSize
        case .unknownSession, .sequenceOutOfRange, .replyForgotten: CommandResult.minimumEncodedSize
        }
    }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(key)
        encoder.append(command)
        encoder.append(height)
        encoder.append(outcome)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        key = try decoder.read()
        command = try decoder.read()
        height = try decoder.read()
        outcome = try decoder.read()
    }
}
