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
