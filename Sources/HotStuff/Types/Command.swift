/// A session of a client, named by the place in the chain of the command that opened it.
///
/// A name is given once: a session that was closed or evicted never comes back under the same name.
public struct SessionID: Hashable, Comparable, Sendable, BorshCodable {
    /// The height of the block with the opening command.
    public let height: Height
    /// The place of the opening command in that block.
    public let position: UInt32

    /// Creates the name of a place in the chain.
    public init(height: Height, position: UInt32) {
        self.height = height
        self.position = position
    }

    /// No session: a command under this name asks for a new one.
    ///
    /// The genesis has no commands, so the name is free.
    public static let none = SessionID(height: .genesis, position: 0)

    /// Sessions opened earlier come first.
    public static func < (left: SessionID, right: SessionID) -> Bool {
        (left.height, left.position) < (right.height, right.position)
    }

    /// Twelve bytes.
    public static var minimumEncodedSize: Int { 12 }

    /// Appends height and position.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(height)
        encoder.append(position)
    }

    /// Reads height and position.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        height = try decoder.read()
        position = try decoder.readUInt32()
    }
}

extension SessionID: CustomStringConvertible {
    /// The place as "height.position".
    public var description: String { "\(height).\(position)" }
}

/// What a command is known by: its session and its number in it.
public struct CommandKey: Hashable, Sendable, BorshCodable {
    /// The session, or `.none` for a command that opens one.
    public let session: SessionID
    /// The number within the session, from 1; for an opening command a random number by which its sender knows it again.
    public let sequence: UInt64

    /// Creates the key of a session's command.
    public init(session: SessionID, sequence: UInt64) {
        self.session = session
        self.sequence = sequence
    }

    /// Twenty bytes.
    public static var minimumEncodedSize: Int { 20 }

    /// Appends session and number.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(session)
        encoder.append(sequence)
    }

    /// Reads session and number.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        session = try decoder.read()
        sequence = try decoder.readUInt64()
    }
}

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
