import HotStuff
import NIOCore
import NIOPosix

/// How many bytes a channel takes before a message that is more urgent has to wait behind them.
private let waterMarks = ChannelOptions.Types.WriteBufferWaterMark(low: 1 << 17, high: 1 << 18)

extension ClientBootstrap {
    /// Sends at once what is flushed, and tells early when the other side does not keep up.
    func withTransportOptions() -> ClientBootstrap {
        channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: waterMarks)
    }
}

extension ServerBootstrap {
    /// Sends at once what is flushed, tells early when the other side does not keep up, and listens again after a restart.
    func withTransportOptions() -> ServerBootstrap {
        serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: waterMarks)
    }
}

extension ConnectionEnvironment {
    /// Lets a handshake begin on a new channel; on the channel's event loop.
    func addHandshake(
        to channel: any Channel,
        side: HandshakeHandler.Side,
        callbacks: ConnectionCallbacks,
        machine: HandshakeStateMachine
    ) throws(ConnectionFailure) {
        guard let connection = register(channel) else { throw .stopped }
        let handler = HandshakeHandler(
            environment: self,
            callbacks: callbacks,
            side: side,
            connection: connection,
            machine: machine
        )
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            throw .network("\(error)")
        }
    }
}
