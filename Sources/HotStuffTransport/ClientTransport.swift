public import HotStuff
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// The connections of an anonymous client: one to every replica of the configuration, dialled again when lost.
///
/// The replicas prove who they are, the client does not. The delegate is not kept alive.
public final class ClientTransport: Sendable {
    private let environment: ConnectionEnvironment
    private let links: [ReplicaID: Link]
    private let diallers: [ReplicaID: Dialler]
    private let hasStarted = Mutex(false)
    /// The replicas of the configuration, in its order.
    public let replicas: [ReplicaID]

    /// Creates the transport of a client; nothing is opened before `start`.
    ///
    /// Fails when a key is none or when an identity is there twice.
    public init(
        configuration: TransportConfiguration,
        group: any EventLoopGroup,
        logger: Logger,
        delegate: any ClientTransportDelegate
    ) throws(TransportError) {
        let environment = try ConnectionEnvironment(
            configuration: configuration,
            identity: .anonymous,
            group: group,
            logger: logger
        )
        var links: [ReplicaID: Link] = [:]
        var diallers: [ReplicaID: Dialler] = [:]
        let limits = configuration.limits
        for peer in configuration.peers {
            let observer = ReplicaObserver(replica: peer.id, delegate: delegate)
            let link = Link(
                limits: { lane in
                    LaneLimits(
                        maximumMessageByteCount: limits.clientMaximumMessageByteCount(lane) ?? 0,
                        queueByteCount: limits.clientMaximumMessageByteCount(lane) == nil
                            ? 0 : limits.clientQueueByteCount
                    )
                },
                outlivesConnections: false,
                observer: observer
            )
            links[peer.id] = link
            diallers[peer.id] = Dialler(peer: peer, link: link, environment: environment)
        }
        self.environment = environment
        self.links = links
        self.diallers = diallers
        replicas = configuration.peers.map(\.id)
    }

    /// Begins to dial.
    public func start() {
        let wasStarted = hasStarted.withLock { hasStarted in
            defer { hasStarted = true }
            return hasStarted
        }
        guard !wasStarted, !environment.isStopped else { return }
        environment.handshakeThread.start()
        for replica in replicas {
            diallers[replica]?.start()
        }
    }

    /// Says where a replica is from now on, for the next time that it is dialled.
    public func updateAddress(of replica: ReplicaID, host: String, port: Int) {
        diallers[replica]?.updateAddress(host: host, port: port)
    }

    /// Queues a message for a replica; answers whether it was accepted, which it is only while there is a connection.
    ///
    /// The lane of consensus is closed to clients.
    @discardableResult
    public func send(_ bytes: [UInt8], lane: Lane = .commands, to replica: ReplicaID) -> Bool {
        links[replica]?.send(bytes, lane: lane) ?? false
    }

    /// The replicas to which a connection is open, in the configuration's order.
    public var connectedReplicas: [ReplicaID] {
        replicas.filter { links[$0]?.isConnected ?? false }
    }

    /// How the last connection to a replica, or the last attempt at one, ended; nothing if none has yet.
    public func lastFailure(of replica: ReplicaID) -> ConnectionFailure? {
        diallers[replica]?.lastFailure
    }

    /// What this transport has done so far.
    public var statistics: TransportStatistics {
        for replica in replicas {
            guard let link = links[replica] else { continue }
            environment.statistics.add(link.takeDrops())
        }
        return environment.statistics.snapshot
    }

    /// Closes every connection and returns when all are closed; a stopped transport does not start again.
    public func stop() async {
        for replica in replicas {
            diallers[replica]?.stop()
        }
        await environment.stop()
    }
}

/// Passes the events of a replica's link on.
private final class ReplicaObserver: LinkObserver {
    private let replica: ReplicaID
    private weak let delegate: (any ClientTransportDelegate)?

    init(replica: ReplicaID, delegate: any ClientTransportDelegate) {
        self.replica = replica
        self.delegate = delegate
    }

    func linkConnected() {
        delegate?.connected(replica)
    }

    func linkReceived(_ messages: [InboundMessage]) {
        delegate?.received(messages, from: replica)
    }

    func linkDisconnected(_ reason: ConnectionFailure) {
        delegate?.disconnected(replica, reason: reason)
    }
}
