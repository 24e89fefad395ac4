public import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
public import Logging
public import NIOCore
public import PostQuantum

/// A running replica: the core, its journal, its connections, its application and the threads between them.
public final class Replica: Sendable {
    private let inbox: Inbox
    private let transport: ReplicaTransport
    private let reception: Reception
    private let ending: Ending
    private let readiness: Readiness
    private let finish: @Sendable () async -> Void

    /// The port on which this replica listens.
    public let port: Int

    private init(
        inbox: Inbox,
        transport: ReplicaTransport,
        reception: Reception,
        ending: Ending,
        readiness: Readiness,
        port: Int,
        finish: @escaping @Sendable () async -> Void
    ) {
        self.inbox = inbox
        self.transport = transport
        self.reception = reception
        self.ending = ending
        self.readiness = readiness
        self.port = port
        self.finish = finish
    }

    /// The height of the last block that was committed before the start; none while blocks of its archive that it needs for that
    /// are damaged, and it waits for others to give them.
    public var recoveredHeight: Height? { readiness.height }

    /// Waits until it has started with what was committed before: at once, but for a replica that has to get damaged blocks first.
    ///
    /// - Returns: the height of the last of those blocks; none if it ended without.
    public func waitUntilReady() async -> Height? { await readiness.wait() }

    /// Starts a replica: opens its port and its journal, executes what was committed, and joins the others.
    ///
    /// If a block is damaged that it needs for that, it asks the others for it first, and does nothing else meanwhile.
    ///
    /// - Parameters:
    ///   - configuration: everything that the replica must be told.
    ///   - signer: the private key that belongs to its public key.
    ///   - machine: the application in its first state.
    ///   - group: the event loops of its connections.
    ///   - logger: hears what an operator should know.
    /// - Returns: the replica, which runs until it is stopped.
    /// - Throws: why it cannot start; nothing runs then.
    public static func start<Machine: StateMachine>(
        _ configuration: ReplicaConfiguration,
        signer: any Signer,
        machine: Machine,
        group: any EventLoopGroup,
        logger: Logger
    ) async throws(ReplicaError) -> Replica {
        let scheme = try configuration.checkedScheme()
        let inbox = Inbox(
            replicaCount: configuration.genesis.validators.count,
            listeners: configuration.audience,
            later: ReplicaTransport.afterSending
        )
        let reception = Reception(inbox: inbox, logger: logger)
        let transport: ReplicaTransport
        do {
            transport = try ReplicaTransport(
                configuration: TransportConfiguration(
                    genesis: configuration.genesis,
                    scheme: scheme,
                    peers: configuration.neighbours
                ),
                id: configuration.replica,
                signer: signer,
                group: group,
                logger: logger,
                delegate: reception
            )
            try await transport.start()
        } catch {
            throw .transport(error)
        }
        let desk = ClientDesk(transport: transport)
        let board = StatusBoard()
        let ending = Ending()
        let readiness = Readiness()
        let start: @Sendable () throws(ReplicaError) -> Incarnation = { () throws(ReplicaError) in
            try assemble(
                configuration,
                scheme: scheme,
                signer: signer,
                machine: machine,
                inbox: inbox,
                reception: reception,
                transport: transport,
                desk: desk,
                board: board,
                ending: ending,
                logger: logger
            )
        }
        do throws(ReplicaError) {
            let first = try start()
            // The thread takes it out: what it kept would stay in memory as long as the replica runs.
            let handover = Monitor<Incarnation?>(first)
            let thread: SystemThread
            do {
                thread = try SystemThread(named: "hs-loop") {
                    defer { readiness.end() }
                    Self.live(
                        handover,
                        again: start,
                        inbox: inbox,
                        ending: ending,
                        readiness: readiness,
                        logger: logger
                    )
                }
            } catch {
                first.close()
                throw ReplicaError.thread(error.code)
            }
            if let height = first.recoveredHeight { readiness.begin(at: height) }
            let closing = Once { thread.join() }
            return Replica(
                inbox: inbox,
                transport: transport,
                reception: reception,
                ending: ending,
                readiness: readiness,
                port: transport.port ?? 0,
                finish: { await closing.run() }
            )
        } catch {
            await transport.stop()
            throw error
        }
    }

    /// Runs the loop of a replica, and again whenever it is to start from what the data directory holds then.
    private static func live(
        _ handover: Monitor<Incarnation?>,
        again start: () throws(ReplicaError) -> Incarnation,
        inbox: Inbox,
        ending: Ending,
        readiness: Readiness,
        logger: Logger
    ) {
        do throws(ReplicaError) {
            while try liveOnce(handover, or: start, readiness: readiness) == .startsAgain { inbox.begin() }
        } catch {
            logger.critical("cannot start again", metadata: ["reason": "\(error)"])
            ending.end(.failed("\(error)"))
        }
    }

    /// Runs the incarnation that is ready, or else a new one, and closes it; nothing of it is left when this returns.
    private static func liveOnce(
        _ handover: Monitor<Incarnation?>,
        or start: () throws(ReplicaError) -> Incarnation,
        readiness: Readiness
    ) throws(ReplicaError) -> LoopEnd {
        let ready = handover.change { next in
            defer { next = nil }
            return next
        }
        let incarnation: Incarnation
        if let ready { incarnation = ready } else { incarnation = try start() }
        defer { incarnation.close() }
        if let height = incarnation.recoveredHeight { readiness.begin(at: height) }
        return incarnation.run()
    }

    /// Stops: takes no more, writes what is decided, closes everything.
    public func stop() async {
        inbox.stop()
        _ = await waitUntilStopped()
    }

    /// Returns when the replica has ended and everything is closed, and says how it ended.
    public func waitUntilStopped() async -> ReplicaStop {
        let stop = await ending.reason()
        await transport.stop()
        await finish()
        return stop
    }
}
