public import HotStuff

/// Why a connection was refused or came to its end.
public enum ConnectionFailure: Error, Equatable, Sendable {
    /// The two sides serve different chains, which differ in this, if that could be found out.
    case wrongChain(String?)
    /// The two sides have no version of the handshake in common.
    case unsupportedVersion
    /// Somebody else was meant, or somebody else answered.
    case wrongPeer(expected: ReplicaID, actual: ReplicaID)
    /// No replica of the configuration has this identity.
    case unknownReplica(ReplicaID)
    /// The replica at the other end is this one.
    case selfConnection
    /// The replica at the other end is one that is dialled, not one that dials.
    case wrongDirection(ReplicaID)
    /// The other side could not prove to be this replica.
    case invalidSignature(ReplicaID)
    /// This side could not sign its own proof.
    case signingFailed
    /// The key agreement failed.
    case keyAgreementFailed
    /// Sealed bytes were altered, replayed, reordered or cut.
    case notAuthentic
    /// Bytes that break the format.
    case malformed(Malformation)
    /// A message of a lane grew beyond its limit, in bytes.
    case messageTooLarge(Lane, maximum: Int)
    /// An anonymous client used a lane that belongs to replicas.
    case laneNotAllowed(Lane)
    /// The other side gave this reason; nothing proves it.
    case refused(Refusal)
    /// The other side serves another chain, and gave this difference; nothing proves it.
    case refusedChain(String)
    /// There are as many connections as are allowed.
    case tooManyConnections
    /// The handshake took too long.
    case handshakeTimeout
    /// Nothing was heard for too long.
    case silence
    /// The connection has sealed as many frames as its keys allow, and is renewed.
    case keysExhausted
    /// A newer connection with the same replica took over.
    case replaced
    /// The other side closed the connection.
    case closedByPeer
    /// The operating system reported an error.
    case network(String)
    /// This side stopped.
    case stopped

    /// How bytes break the format of handshake or frames.
    public enum Malformation: String, Equatable, Sendable {
        /// A handshake that does not begin with the protocol's magic bytes.
        case magic = "no handshake of this protocol"
        /// A handshake record that does not belong here.
        case unexpectedRecord = "a handshake record out of place"
        /// A handshake record that is longer than any of its kind.
        case oversizedRecord = "an oversized handshake record"
        /// A handshake record that ends before its content does.
        case truncatedRecord = "a truncated handshake record"
        /// Bytes that follow where none may.
        case trailingBytes = "trailing bytes"
        /// A role that does not exist.
        case role = "an unknown role"
        /// A frame longer or shorter than any frame.
        case frameLength = "an impossible frame length"
        /// A lane that does not exist.
        case lane = "an unknown lane"
        /// A flag that does not exist.
        case flags = "unknown frame flags"
        /// A fragment without content that is not the last of its message.
        case emptyFragment = "an empty fragment"
    }
}

/// The reason that a responder gives in the open before it closes: a hint for people, believed by no code.
public enum Refusal: UInt8, Equatable, Sendable {
    /// The responder serves another chain.
    case wrongChain = 1
    /// The responder speaks none of the offered versions.
    case unsupportedVersion = 2
    /// The responder is not the replica that was dialled.
    case wrongPeer = 3
    /// The responder has too many connections.
    case busy = 4
}

extension Refusal: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .wrongChain: "another chain"
        case .unsupportedVersion: "no common version"
        case .wrongPeer: "not the replica that was dialled"
        case .busy: "too many connections"
        }
    }
}

extension ConnectionFailure {
    /// Whether the two sides serve different chains, which no waiting mends.
    var isOfAnotherChain: Bool {
        switch self {
        case .wrongChain, .refusedChain, .refused(.wrongChain): true
        default: false
        }
    }
}

extension ConnectionFailure: CustomStringConvertible {
    /// One clause that says what happened.
    public var description: String {
        switch self {
        case .wrongChain(nil): "the other side serves another chain"
        case .wrongChain(let difference?): "the other side serves another chain, which differs in \(difference)"
        case .unsupportedVersion: "no common version of the handshake"
        case .wrongPeer(let expected, let actual): "replica \(expected) was meant, replica \(actual) answered"
        case .unknownReplica(let replica): "there is no replica \(replica)"
        case .selfConnection: "the replica at the other end is this one"
        case .wrongDirection(let replica): "replica \(replica) dialled, but is to be dialled"
        case .invalidSignature(let replica): "the other side is not replica \(replica), as it claims"
        case .signingFailed: "the own proof could not be signed"
        case .keyAgreementFailed: "the key agreement failed"
        case .notAuthentic: "sealed bytes are not authentic"
        case .malformed(let how): how.rawValue
        case .messageTooLarge(let lane, let maximum): "a message of lane \(lane) exceeds \(maximum) bytes"
        case .laneNotAllowed(let lane): "lane \(lane) is closed to clients"
        case .refused(let reason): "refused by the other side: \(reason)"
        case .refusedChain(let difference): "refused by the other side: another chain, which differs in \(difference)"
        case .tooManyConnections: "too many connections"
        case .handshakeTimeout: "the handshake took too long"
        case .silence: "nothing was heard for too long"
        case .keysExhausted: "the connection's keys are used up"
        case .replaced: "a newer connection took over"
        case .closedByPeer: "closed by the other side"
        case .network(let reason): "network: \(reason)"
        case .stopped: "stopped"
        }
    }
}
