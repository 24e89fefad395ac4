internal import HotStuff
internal import HotStuffTransport

/// What the thread that executes has to do.
enum ExecutionJob: Sendable {
    /// Execute the next block, which a certificate made final, and whose commit is at this position.
    case execute(Block, by: QuorumCertificate, at: JournalPosition)
    /// The journal is durable through this position.
    case durable(JournalPosition)
    /// Tell the results of commands whose keys were ordered before.
    case answer([Command])
    /// Tell a client where this replica stands.
    case status(ClientConnectionID)
}
