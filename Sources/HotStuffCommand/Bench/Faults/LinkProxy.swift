import HotStuff
import NIOCore
import NIOPosix
import Synchronization

/// How late the bytes of each replica arrive at the others; may be changed while they flow.
final class LinkDelays: Sendable {
    private let microseconds: Mutex<[Int]>

    /// Gives every replica the same delay.
    init(count: Int, microseconds: Int) { self.microseconds = Mutex(Array(repeating: microseconds, count: count)) }

    /// The delay of what a replica says.
    subscript(replica: ReplicaID) -> TimeAmount {
        .microseconds(Int64(microseconds.withLock { $0[replica.index] }))
    }

    /// Makes one replica's words later, or as fast as they were.
    func set(_ delay: Int, of replica: ReplicaID) { microseconds.withLock { $0[replica.index] = delay } }
}

/// A link between two replicas that takes its time: what one of them says reaches the other later, in order and whole.
///
/// It is a port of this machine which the replica dials in place of the other one's own.
final class LinkProxy: Sendable {
    /// The port to dial.
    let port: Int
    private let listener: any Channel

    /// Opens a link.
    ///
    /// - Parameters:
    ///   - dialler: the replica that is to dial it.
    ///   - peer: the replica that it leads to.
    ///   - port: the port of that one on this machine.
    ///   - delays: how late each one's words are.
    ///   - group: the event loops that carry the bytes.
    /// - Throws: that there is no port.
    init(
        from dialler: ReplicaID,
        to peer: ReplicaID,
        port: Int,
        delays: LinkDelays,
        group: any EventLoopGroup
    ) async throws(Failure) {
        do {
            listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { inbound in
                    LinkProxy.connect(inbound, port: port) { (delays[dialler], delays[peer]) }
                }
                .bind(host: "127.0.0.1", port: 0).get()
        } catch {
            throw Failure(.unavailable, "no port can be opened for a link: \(error)", advice: "try again")
        }
        self.port = listener.localAddress?.port ?? 0
    }

    /// Closes the port; the connections end with the replicas.
    func close() async { try? await listener.close() }

    /// Connects what has come in to where it wants to go.
    private static func connect(
        _ inbound: any Channel,
        port: Int,
        delays: @escaping @Sendable () -> (there: TimeAmount, back: TimeAmount)
    ) -> EventLoopFuture<Void> {
        ClientBootstrap(group: inbound.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { outbound in
                try inbound.pipeline.syncOperations.addHandler(LateHandler(to: outbound) { delays().there })
                try outbound.pipeline.syncOperations.addHandler(LateHandler(to: inbound) { delays().back })
                return outbound
            }
            .flatMap { outbound in
                outbound.setOption(.autoRead, value: true).and(inbound.setOption(.autoRead, value: true))
            }
            .map { _ in }
    }
}
