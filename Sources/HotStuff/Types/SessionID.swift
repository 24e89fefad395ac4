/// A session of a client, named by the place in the chain of the command that opened it.
///
/// A name is given once: a session that was closed or evicted never comes back under the same name.
public struct SessionID: Hashable, Comparable, Sendable, BorshCodable {
    /// The height of the block with the opening command.
    public let height: Height
    /// The place of the opening command in that block, behind the places of all earlier epochs.
    public let position: UInt32

    /// Creates the name of a place in the chain.
    public init(height: Height, position: UInt32) {
        self.height = height
        self.position = position
    }

    /// Creates the name of a session that is opened by the command at a place in a block's payload.
    ///
    /// A chain that goes on from another one (`Origin`) gives heights a second time that the lost end of the other one had. There sessions
    /// may have been opened of which clients still know; so the places of each epoch are its own.
    public init(openedAt position: Int, in header: BlockHeader) {
        let places = header.epoch.rawValue &* UInt64(Payload.maximumCommandCount) &+ UInt64(position)
        self.init(height: header.height, position: UInt32(truncatingIfNeeded: places))
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
