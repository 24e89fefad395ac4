/// A request of a client to the replicated state machine.
public struct Command: Hashable, Sendable, BorshCodable {
    /// The session and the number under which it is executed once.
    public let key: CommandKey
    /// What the state machine is asked to do, in the state machine's own encoding; empty for an opening command.
    public let body: [UInt8]

    /// Creates a command.
    public init(key: CommandKey, body: [UInt8]) {
        self.key = key
        self.body = body
    }

    /// Creates the command that opens a session.
    ///
    /// - Parameter nonce: a random number by which the sender knows the reply.
    /// - Returns: a command without a body.
    public static func openSession(nonce: UInt64) -> Command {
        Command(key: CommandKey(session: .none, sequence: nonce), body: [])
    }

    /// The bytes that are read at most for one body; a chain's own limit may be lower.
    public static let maximumBodyByteCount = 4 << 20

    /// The name of this command with all its bytes, by which a client knows that its own was executed.
    public var digest: Digest { Domain.command.digest(of: self) }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { Command.minimumEncodedSize + body.count }

    /// The key and a length.
    public static var minimumEncodedSize: Int { 24 }

    /// Appends key and body.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(key)
        encoder.appendBytes(body)
    }

    /// Reads key and body.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        key = try decoder.read()
        body = try decoder.readBytes(maximum: Command.maximumBodyByteCount)
    }
}
