/// A stream of messages on a connection, with its own order, its own queue and its own place in the line.
///
/// Frames of a lane leave before those of every lane below it, frame by frame: a flood of commands never delays a vote.
public enum Lane: UInt8, Hashable, Sendable, CaseIterable {
    /// Proposals, votes, timeouts and certificates; the newest matters most.
    case consensus = 0
    /// Blocks and snapshots for those who are behind.
    case sync = 1
    /// Commands and their replies.
    case commands = 2

    /// The place in arrays that hold something for every lane.
    var index: Int { Int(rawValue) }
}

extension Lane: CustomStringConvertible {
    /// The name in logs.
    public var description: String {
        switch self {
        case .consensus: "consensus"
        case .sync: "sync"
        case .commands: "commands"
        }
    }
}

/// A message as it came out of a lane.
public struct InboundMessage: Hashable, Sendable {
    /// The lane.
    public let lane: Lane
    /// The bytes that the other side sent, whole and authentic.
    public let bytes: [UInt8]

    /// Creates a message.
    public init(lane: Lane, bytes: [UInt8]) {
        self.lane = lane
        self.bytes = bytes
    }
}
