/// The commands of a block, in the order of their execution.
public struct Payload: Hashable, Sendable, BorshCodable {
    /// The commands.
    public let commands: [Command]

    /// The most commands that are read; a chain's own limit may be lower.
    public static let maximumCommandCount = 65_536

    /// Creates the payload of some commands.
    public init(_ commands: [Command]) { self.commands = commands }

    /// No commands.
    public static let empty = Payload([])

    /// Whether there are no commands.
    public var isEmpty: Bool { commands.isEmpty }

    /// The digest that the header names.
    public var digest: Digest { Domain.payload.digest(of: self) }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { commands.reduce(4) { $0 + $1.encodedSize } }

    /// Four bytes of count.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the commands.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendList(commands) }

    /// Reads the commands.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        commands = try decoder.readList(maximum: Payload.maximumCommandCount)
    }
}
