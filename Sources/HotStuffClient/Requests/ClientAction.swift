import HotStuff

/// What the client's state machine wants done.
enum ClientAction: Equatable, Sendable {
    /// Send these commands in one message to each of these replicas.
    case send([Command], to: [ReplicaID])
    /// Ask this replica how it is.
    case askStatus(ReplicaID)
    /// The command of this call is settled.
    case finish(SubmissionID, Result<Receipt, ClientError>)
    /// The time of this call is over, and its command never left because nobody was connected.
    case giveUpUnreached(SubmissionID)
    /// The answer to this call for a status; nothing if there was none in time.
    case tell(InquiryID, ReplicaStatus?)
}
