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
