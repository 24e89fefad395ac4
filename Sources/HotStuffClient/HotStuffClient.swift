public import HotStuff
import HotStuffTransport
public import Logging
public import NIOCore

/// A client of a replicated state machine that trusts no single replica.
///
/// It sends every command to all replicas and believes a result when replicas with more than f of the voting power have
/// told exactly the same, so that an honest one is among them. The replicas prove who they are; the client is anonymous
/// and tells its commands apart by a session, which it opens when it is first needed. A command that is not answered is
/// sent again, and the session sees to it that it is executed once. All methods may be called from any task, many at a
/// time.
///
/// Call `stop` when the client is not needed any more; until then its connections stay open.
public final class HotStuffClient: Sendable {
    private let engine: ClientEngine
    private let transport: ClientTransport

    /// Creates a client; nothing is opened before `start`.
    public init(
        configuration: ClientConfiguration,
        group: any EventLoopGroup,
        logger: Logger
    ) throws(ClientConfigurationError) {
        if let fault = configuration.fault { throw fault }
        engine = ClientEngine(configuration: configuration, eventLoop: group.next(), logger: logger)
        do throws(TransportError) {
            transport = try ClientTransport(
                configuration: configuration.transport,
                group: group,
                logger: logger,
                delegate: engine
            )
        } catch {
            throw .transport(error)
        }
        engine.attach(transport)
    }

    /// Begins to connect.
    public func start() {
        transport.start()
    }

    /// Has a command executed and returns the state machine's reply.
    ///
    /// It suspends while too many commands are on their way. After an error that leaves it open whether the command was
    /// executed, submitting it again may execute it twice. Cancelling the task ends the wait, not the command.
    ///
    /// - Parameter body: What the state machine is asked to do, in its own encoding.
    /// - Returns: The reply, and where the command was executed.
    /// - Throws: Why there is no reply, and what is known of the command.
    public func submit(_ body: [UInt8]) async throws(ClientError) -> Receipt {
        try await engine.submit(body).get()
    }

    /// Has a command executed and calls a closure with the state machine's reply.
    ///
    /// The same as `submit(_:)` for who has so many commands that a task for each costs too much. It returns at once: while too many commands are
    /// on their way, this one waits in line.
    ///
    /// - Parameters:
    ///   - body: What the state machine is asked to do, in its own encoding.
    ///   - completion: Hears of the reply, or why there is none and what is known of the command; once, on a thread that it must not hold up. It may
    ///     submit further commands.
    public func submit(
        _ body: [UInt8],
        completion: @escaping @Sendable (Result<Receipt, ClientError>) -> Void
    ) {
        engine.submit(body, then: completion)
    }

    /// Asks a replica how it is, which only it vouches for; nothing if there is no answer in time.
    ///
    /// - Parameters:
    ///   - replica: Whom to ask.
    ///   - timeout: How long to wait for a connection and the answer, at most an hour.
    /// - Returns: What the replica says.
    public func status(of replica: ReplicaID, timeout: Duration) async -> ReplicaStatus? {
        await engine.status(of: replica, timeout: timeout)
    }

    /// The replicas to which a connection is open, in the configuration's order.
    public var connectedReplicas: [ReplicaID] { transport.connectedReplicas }

    /// What this client has seen so far.
    public var statistics: ClientStatistics { engine.statistics }

    /// Ends every call that waits, closes every connection and returns when all are closed.
    ///
    /// A stopped client does not start again.
    public func stop() async {
        engine.stop()
        await transport.stop()
    }
}
