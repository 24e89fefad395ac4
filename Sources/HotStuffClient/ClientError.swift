public import HotStuff

/// Why a command has no reply.
public enum ClientError: Error, Equatable, Sendable {
    /// Too few replicas agreed in time; the command may or may not be executed. `confirmed` agreed on one result, and
    /// `needed` would have been enough.
    case timedOut(confirmed: VotingPower, needed: VotingPower)
    /// The command is longer than replicas take; it was not executed.
    case tooLong
    /// The session does not know about the command any more; only `.replyForgotten` says that a command with its number
    /// ran.
    ///
    /// Of a command that was sent more than once, an earlier copy may have been executed while its session was still
    /// open.
    case sessionLost(CommandOutcome)
    /// Another command was executed under this command's number, which therefore never will be.
    case sequenceTaken(by: Digest, at: Height)
    /// No replica could be reached in time; the command never left.
    case noReplicaReachable([UnreachableReplica])
    /// The calling task was cancelled; the command may or may not be executed.
    case cancelled
    /// The client was stopped; the command may or may not be executed.
    case stopped
}

/// A replica without a connection, and why.
public struct UnreachableReplica: Hashable, Sendable {
    /// The replica.
    public let replica: ReplicaID
    /// How its last connection or attempt ended; nothing if there was none yet.
    public let reason: String?

    /// Creates the account of a replica.
    public init(replica: ReplicaID, reason: String?) {
        self.replica = replica
        self.reason = reason
    }
}

extension UnreachableReplica: CustomStringConvertible {
    /// The replica and the reason.
    public var description: String { "replica \(replica): \(reason ?? "not tried yet")" }
}

extension ClientError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .timedOut(let confirmed, let needed):
            """
            timed out: replicas with a voting power of \(confirmed) agreed on a result, \(needed) are needed; \
            the command may or may not be executed
            """
        case .tooLong: "the command is longer than the replicas take"
        case .sessionLost(let outcome): "the session was lost: \(outcome.explanation)"
        case .sequenceTaken(let digest, let height):
            "another command, \(digest.short), was executed under the command's number at height \(height)"
        case .noReplicaReachable(let replicas):
            "no replica can be reached (\(replicas.map(\.description).joined(separator: "; ")))"
        case .cancelled: "cancelled; the command may or may not be executed"
        case .stopped: "the client was stopped; the command may or may not be executed"
        }
    }
}

extension CommandOutcome {
    /// What an outcome means to somebody who wanted a reply.
    fileprivate var explanation: String {
        switch self {
        case .executed: "the command was executed"
        case .opened(let session): "the command opened session \(session)"
        case .unknownSession: "it is not open any more"
        case .sequenceOutOfRange: "the command's number is too far from its others"
        case .replyForgotten: "the command's number was used, and the reply is not kept any more"
        }
    }
}
