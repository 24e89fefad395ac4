public import HotStuff

/// A replica as others find and recognise it.
public struct Peer: Hashable, Sendable {
    /// Its place in the validator set, or a listener's.
    public let id: ReplicaID
    /// The name or address of its machine.
    public let host: String
    /// The TCP port on which it listens; 0 while nobody knows.
    public let port: Int
    /// The public key with which it proves who it is.
    public let verificationKey: [UInt8]

    /// Creates a peer.
    public init(id: ReplicaID, host: String, port: Int, verificationKey: [UInt8]) {
        self.id = id
        self.host = host
        self.port = port
        self.verificationKey = verificationKey
    }
}

extension ReplicaID {
    /// Whether this replica opens the connection with another one, and the other waits for it.
    ///
    /// Of two validators the one with the smaller identity does. A listener dials every validator, so that nobody need reach it.
    func dials(_ other: ReplicaID) -> Bool {
        isListener == other.isListener ? self < other : isListener
    }
}

/// The name of a connection of an anonymous client, never used twice by one transport.
public struct ClientConnectionID: Hashable, Sendable, CustomStringConvertible {
    /// The number of the connection.
    public let rawValue: UInt64

    /// Creates the name of a number.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The number in decimal.
    public var description: String { "client \(rawValue)" }
}

/// Who sent a message, as the handshake proved it.
public enum Sender: Hashable, Sendable {
    /// A replica that has shown its key.
    case replica(ReplicaID)
    /// Somebody anonymous.
    case client(ClientConnectionID)
}
