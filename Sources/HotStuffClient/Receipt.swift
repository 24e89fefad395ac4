public import HotStuff

/// The reply to a command that is final and executed, as replicas with more than f of the power told it alike.
public struct Receipt: Sendable, Hashable {
    /// The state machine's reply, in its own encoding.
    public let reply: [UInt8]
    /// The height of the block in which the command was executed.
    public let height: Height
    /// The time from the call to the result.
    public let latency: Duration
    /// The number of replicas that had told this result when it was believed.
    public let confirmations: Int

    /// Creates a receipt.
    public init(reply: [UInt8], height: Height, latency: Duration, confirmations: Int) {
        self.reply = reply
        self.height = height
        self.latency = latency
        self.confirmations = confirmations
    }
}

/// What a client has seen so far that it could do without.
public struct ClientStatistics: Sendable, Hashable {
    /// The commands that were sent again, each counted once for each time.
    public var resentCommands: UInt64 = 0
    /// The times that a replica said to be too busy for a command.
    public var busyAnswers: UInt64 = 0
    /// The messages of replicas that were no responses.
    public var undecodableMessages: UInt64 = 0
    /// The sessions that were opened.
    public var openedSessions: UInt64 = 0

    /// Creates statistics of nothing.
    public init() {}
}
