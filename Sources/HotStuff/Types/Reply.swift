/// What a state machine answers to one command, in its own encoding.
public struct Reply: Hashable, Sendable {
    /// The answer.
    public let body: [UInt8]

    /// The longest reply of a state machine, in bytes.
    public static let maximumByteCount = 1 << 20

    /// Creates a reply.
    public init(_ body: [UInt8]) { self.body = body }
}
