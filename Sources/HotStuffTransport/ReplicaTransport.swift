public import HotStuff
public import Logging
public import NIOCore
import NIOPosix
public import PostQuantum
import Synchronization

/// The connections of a replica: one with every other replica, and those of anonymous clients.
///
/// Of two replicas the one with the smaller identity dials and dials again; a listener dials every validator. Both prove who they are; a newer connection of
/// the same replica takes the place of the older one, which may be half dead. The delegate is not kept alive.
public final class ReplicaTransport: Sendable {
    /// Who this replica is.
    public let id: ReplicaID

    private let environment: ConnectionEnvironment
    private let links: [ReplicaID: Link]
    private let others: [ReplicaID]
    private let diallers: [ReplicaID: Dialler]
    private let clients: ClientConnections
    private let listener: Listener

    /// Creates the transport of a replica; nothing is opened before `start`.
    ///
    /// Fails when a key is none, when an identity is there twice or when the signer is not the one the peers expect.
    public init(
        configuration: TransportConfiguration,
        id: ReplicaID,
        signer: any Signer,
        group: any EventLoopGroup,
        logger: Logger,
        delegate: any TransportDelegate
    ) throws(TransportError) {
        let environment = try ConnectionEnvironment(
            configuration: configuration,
            identity: .replica(id, signer),
            group: group,
            logger: logger
        )
        guard let own = configuration.peers.first(where: { $0.id == id }) else { throw .ownPeerMissing(id) }
        guard own.verificationKey == signer.verificationKey.bytes else { throw .signerMismatch(id) }
        var links: [ReplicaID: Link] = [:]
        var diallers: [ReplicaID: Dialler] = [:]
        let limits = configuration.limits
        for peer in configuration.peers where peer.id != id {
            let observer = PeerObserver(peer: peer.id, delegate: delegate)
            let link = Link(limits: { limits[$0] }, outlivesConnections: true, observer: observer)
            links[peer.id] = link
            guard id.dials(peer.id) else { continue }
            diallers[peer.id] = Dialler(peer: peer, link: link, environment: environment)
        }
        self.id = id
        self.environment = environment
        self.links = links
        self.diallers = diallers
        others = configuration.peers.map(\.id).filter { $0 != id }
        clients = ClientConnections(limits: limits, delegate: delegate)
        listener = Listener(
            address: configuration.listenAddress ?? ListenAddress(host: own.host, port: own.port),
            environment: environment,
            replica: id,
            signer: signer,
            links: links,
            clients: clients
        )
    }

    /// Listens and begins to dial; returns as soon as the port is open.
    public func start() async throws(TransportError) {
        try await listener.start()
        for peer in others {
            diallers[peer]?.start()
        }
    }

    /// The port on which this replica listens, once it does.
    public var port: Int? { listener.port }

    /// Says where a peer is from now on, for the next time that it is dialled.
    public func updateAddress(of peer: ReplicaID, host: String, port: Int) {
        diallers[peer]?.updateAddress(host: host, port: port)
    }

    /// Queues a message for a peer; answers whether it was accepted.
    ///
    /// Without a connection, messages of consensus wait for one, the newest as many as the queue holds; others are dropped.
    @discardableResult
    public func send(_ bytes: [UInt8], lane: Lane, to peer: ReplicaID) -> Bool {
        links[peer]?.send(bytes, lane: lane) ?? false
    }

    /// Queues a message for every other replica; the queues share its bytes.
    public func broadcast(_ bytes: [UInt8], lane: Lane) {
        for peer in others {
            send(bytes, lane: lane, to: peer)
        }
    }

    /// Queues a message for a client; answers whether it was accepted.
    @discardableResult
    public func send(_ bytes: [UInt8], lane: Lane = .commands, toClient client: ClientConnectionID) -> Bool {
        clients.link(of: client)?.send(bytes, lane: lane) ?? false
    }

    /// Has the calling event loop do something after it has sent what was queued before.
    ///
    /// - Returns: whether it will; not if the caller runs on no event loop.
    @Sendable
    public static func afterSending(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop else { return false }
        eventLoop.execute(work)
        return true
    }

    /// The peers to which a connection is open, in order.
    public var connectedPeers: [ReplicaID] {
        others.filter { links[$0]?.isConnected ?? false }
    }

    /// What this transport has done so far.
    public var statistics: TransportStatistics {
        for peer in others {
            guard let link = links[peer] else { continue }
            environment.statistics.add(link.takeDrops())
        }
        environment.statistics.add(clients.takeDrops())
        return environment.statistics.snapshot
    }

    /// Closes every connection and the port, and returns when all are closed; a stopped transport does not start again.
    public func stop() async {
        for peer in others {
            diallers[peer]?.stop()
        }
        await listener.stop()
        await environment.stop()
    }
}

/// Passes the events of a peer's link on.
private struct PeerObserver: LinkObserver {
    private let peer: ReplicaID
    private let delegate: WeakDelegate

    init(peer: ReplicaID, delegate: any TransportDelegate) {
        self.peer = peer
        self.delegate = WeakDelegate(delegate)
    }

    func linkConnected() {
        delegate.value?.peerConnected(peer)
    }

    func linkReceived(_ messages: [InboundMessage]) {
        delegate.value?.received(messages, from: .replica(peer))
    }

    func linkDisconnected(_ reason: ConnectionFailure) {
        delegate.value?.peerDisconnected(peer, reason: reason)
    }
}
