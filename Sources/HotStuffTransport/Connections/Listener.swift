import HotStuff
import Logging
import NIOCore
import NIOPosix
import PostQuantum
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The open port of a replica, and what happens to those who knock.
final class Listener: Sendable {
    private struct State {
        var isStarted = false
        var channel: (any Channel)?
    }

    private let address: ListenAddress
    private let environment: ConnectionEnvironment
    private let replica: ReplicaID
    private let signer: any Signer
    private let links: [ReplicaID: Link]
    private let clients: ClientConnections
    private let state = Mutex(State())

    init(
        address: ListenAddress,
        environment: ConnectionEnvironment,
        replica: ReplicaID,
        signer: any Signer,
        links: [ReplicaID: Link],
        clients: ClientConnections
    ) {
        self.address = address
        self.environment = environment
        self.replica = replica
        self.signer = signer
        self.links = links
        self.clients = clients
    }

    var port: Int? { state.withLock { $0.channel?.localAddress?.port } }

    func start() async throws(TransportError) {
        let wasStarted = state.withLock { state in
            defer { state.isStarted = true }
            return state.isStarted
        }
        guard !wasStarted, !environment.isStopped else { throw .alreadyStarted }
        environment.handshakeThread.start()
        do {
            let channel = try await bind()
            state.withLock { $0.channel = channel }
        } catch {
            await environment.stop()
            guard let error = error as? IOError, error.errnoCode == EADDRINUSE else {
                throw .cannotListen(address, reason: "\(error)")
            }
            throw .addressInUse(address)
        }
    }

    private func bind() async throws -> any Channel {
        try await ServerBootstrap(group: environment.group)
            .withTransportOptions()
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
            }
            .bind(host: address.host, port: address.port)
            .get()
    }

    func stop() async {
        guard let channel = state.withLock({ $0.channel }) else { return }
        try? await channel.close()
    }

    private func accept(_ channel: any Channel) throws(ConnectionFailure) {
        guard let place = environment.reserveHandshake() else {
            try? channel.pipeline.syncOperations.addHandler(RefusalHandler(.busy))
            return
        }
        let callbacks = ConnectionCallbacks(
            admit: { remote, connection throws(ConnectionFailure) in
                place.leave()
                return try self.admit(remote, connection: connection)
            },
            ended: { connection, _, _ in
                place.leave()
                self.clients.remove(connection)
            }
        )
        try environment.addHandshake(
            to: channel,
            side: .responder,
            callbacks: callbacks,
            machine: HandshakeStateMachine(respondingAs: replica, signer: signer, roster: environment.roster)
        )
    }

    private func admit(_ remote: RemoteIdentity, connection: UInt64) throws(ConnectionFailure) -> Link {
        switch remote {
        case .anonymous:
            return try clients.admit(connection)
        case .replica(let peer):
            guard let link = links[peer] else { throw .unknownReplica(peer) }
            return link
        }
    }
}

/// Tells who knocks at a bad time so, and closes.
private final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let refusal: Refusal

    init(_ refusal: Refusal) {
        self.refusal = refusal
    }

    func channelActive(context: ChannelHandlerContext) {
        let record = HandshakeRecord(kind: .refusal, body: [refusal.rawValue])
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: record.encoded)))
            .whenComplete { _ in channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
