/// The commands of a block, in the order of their execution.
///
/// It holds its encoding beside them, in which their bodies lie, for that is hashed, sent, journaled and archived: it is made once, or is what came.
public struct Payload: Sendable {
    /// The commands.
    public let commands: [Command]
    /// The encoding of the commands.
    private let bytes: [UInt8]

    /// The most commands that are read; a chain's own limit may be lower.
    public static let maximumCommandCount = 65_536

    /// Creates the payload of some commands.
    public init(_ commands: [Command]) {
        var encoder = BorshEncoder(capacity: commands.reduce(4) { $0 + $1.encodedSize })
        encoder.appendList(commands)
        bytes = encoder.finish()
        self.commands = Command.sharing(commands, encoding: bytes)
    }

    /// No commands.
    public static let empty = Payload([])

    /// Whether there are no commands.
    public var isEmpty: Bool { commands.isEmpty }

    /// The digest that the header names.
    public var digest: Digest { Domain.payload.digest(of: self) }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { bytes.count }
}

extension Payload: Hashable {
    /// Whether the commands are the same: then, and only then, are their encodings.
    public static func == (left: Payload, right: Payload) -> Bool { left.bytes == right.bytes }

    /// Feeds the encoding.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension Payload: BorshCodable {
    /// Four bytes of count.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the commands.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendRaw(bytes) }

    /// Reads the commands.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        (commands, bytes) = try Command.readPayload(from: &decoder)
    }
}
