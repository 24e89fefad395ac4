import HotStuff
import Logging
import NIOCore

/// Carries a link over an established channel: frames in, frames out, signs of life in between.
final class TrafficHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The bytes that are sealed before they are handed on together.
    private static let chunkByteCount = 1 << 16
    /// How often the socket may swallow all it gets before other connections of the event loop have their turn.
    private static let maximumFlushesPerTurn = 8

    private let environment: ConnectionEnvironment
    private let callbacks: ConnectionCallbacks
    private let remote: RemoteIdentity
    private let link: Link
    private let connection: UInt64

    private var context: ChannelHandlerContext?
    private var writer: FrameWriter
    private var reader: FrameReader
    private var assembler: FragmentAssembler
    private var fragments: [Fragment] = []
    private var inbox: [InboundMessage] = []
    private var batch = TransportStatistics()
    private var tick: Scheduled<Void>?
    /// Whether the other side has shown that it has the keys.
    private var isConfirmed: Bool
    private var isDraining = false
    private var isOver = false
    private var hasSentSinceTick = false
    private var silentIntervals = 0

    init(
        environment: ConnectionEnvironment,
        callbacks: ConnectionCallbacks,
        session: Session,
        link: Link,
        connection: UInt64,
        isConfirmed: Bool
    ) {
        self.environment = environment
        self.callbacks = callbacks
        self.link = link
        self.connection = connection
        self.isConfirmed = isConfirmed
        remote = session.remote
        writer = FrameWriter(sealer: session.sealer)
        reader = FrameReader(opener: session.opener)
        let limits = environment.configuration.limits
        assembler = FragmentAssembler { lane in
            switch session.remote {
            case .replica(let replica): limits.maximumMessageByteCount(lane, from: replica)
            case .anonymous: limits.clientMaximumMessageByteCount(lane)
            }
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        scheduleTick(context: context)
        guard isConfirmed else { return }
        sendKeepalive()
        connect(context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.closedByPeer)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let bytes = unwrapInboundIn(data)
        batch.bytesReceived &+= UInt64(bytes.readableBytes)
        reader.append(bytes)
        do {
            while let frame = try reader.next() {
                try handle(frame, context: context)
            }
        } catch {
            end(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(environment.isStopped ? .stopped : .closedByPeer)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.network("\(error)"))
    }

    /// Ends the connection, once.
    func end(_ reason: ConnectionFailure) {
        guard !isOver else { return }
        deliver()
        isOver = true
        tick?.cancel()
        environment.logger.debug(
            "connection ended",
            metadata: ["remote": "\(remote)", "reason": "\(reason)"]
        )
        link.detach(connection, reason: reason)
        callbacks.ended(connection, reason, isConfirmed)
        environment.statistics.add(batch)
        context?.close(promise: nil)
    }

    private func connect(context: ChannelHandlerContext) {
        batch.connectionsEstablished = 1
        let reference = ConnectionReference(
            id: connection,
            eventLoop: context.eventLoop,
            handler: NIOLoopBound(self, eventLoop: context.eventLoop)
        )
        link.attach(reference)
        drain()
        flushStatistics()
    }
}

// MARK: - Receiving

extension TrafficHandler {
    private func handle(_ frame: InboundFrame, context: ChannelHandlerContext) throws(ConnectionFailure) {
        batch.framesReceived &+= 1
        silentIntervals = 0
        if !isConfirmed {
            isConfirmed = true
            connect(context: context)
        }
        switch frame {
        case .keepalive:
            break
        case .fragment(let lane, let isLast, let bytes):
            guard let message = try assembler.add(bytes, isLast: isLast, lane: lane) else { return }
            batch.messagesReceived &+= 1
            inbox.append(message)
        }
    }

    private func deliver() {
        guard !isOver else { return }
        flushStatistics()
        guard !inbox.isEmpty else { return }
        var messages: [InboundMessage] = []
        swap(&messages, &inbox)
        link.deliver(messages, from: connection)
    }
}

// MARK: - Sending

extension TrafficHandler {
    /// Seals and sends what waits, as long as the channel takes it; what does not fit goes out when it does.
    func drain() {
        guard let context, isConfirmed, !isDraining, !isOver else { return }
        isDraining = true
        defer { isDraining = false }
        var flushes = 0
        while context.channel.isWritable {
            guard flushes < TrafficHandler.maximumFlushesPerTurn else {
                context.eventLoop.assumeIsolated().execute { self.drain() }
                break
            }
            let hasMore = fill(context: context)
            context.flush()
            flushes += 1
            guard hasMore, !isOver else { break }
        }
        flushStatistics()
    }

    /// Writes until nothing waits or the channel has enough; answers whether something may still wait.
    private func fill(context: ChannelHandlerContext) -> Bool {
        while context.channel.isWritable {
            fragments.removeAll(keepingCapacity: true)
            link.take(upTo: TrafficHandler.chunkByteCount, into: &fragments)
            guard !fragments.isEmpty else { return false }
            let count = fragments.reduce(0) { $0 + $1.range.count + FrameFormat.overhead }
            var buffer = context.channel.allocator.buffer(capacity: count)
            do {
                for fragment in fragments {
                    try writer.write(fragment, into: &buffer)
                }
            } catch {
                end(error)
                return false
            }
            batch.framesSent &+= UInt64(fragments.count)
            send(buffer, context: context)
        }
        return true
    }

    private func send(_ buffer: ByteBuffer, context: ChannelHandlerContext) {
        hasSentSinceTick = true
        batch.bytesSent &+= UInt64(buffer.readableBytes)
        context.write(wrapOutboundOut(buffer), promise: nil)
    }

    private func sendKeepalive() {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: FrameFormat.overhead)
        do {
            try writer.writeKeepalive(into: &buffer)
        } catch {
            end(error)
            return
        }
        batch.framesSent &+= 1
        send(buffer, context: context)
        context.flush()
    }

    private func flushStatistics() {
        environment.statistics.add(batch)
        batch = TransportStatistics()
    }

    private func scheduleTick(context: ChannelHandlerContext) {
        let interval = TimeAmount(environment.configuration.keepaliveInterval)
        tick = context.eventLoop.assumeIsolated().scheduleTask(in: interval) { self.ticked(context: context) }
    }

    private func ticked(context: ChannelHandlerContext) {
        guard !isOver else { return }
        silentIntervals += 1
        guard silentIntervals <= environment.configuration.toleratedSilentIntervals else {
            end(.silence)
            return
        }
        if isConfirmed, !hasSentSinceTick, context.channel.isWritable { sendKeepalive() }
        hasSentSinceTick = false
        scheduleTick(context: context)
    }
}

extension TransportLimits {
    /// The longest message that an anonymous client may send in a lane; nothing if the lane is closed to it.
    func clientMaximumMessageByteCount(_ lane: Lane) -> Int? {
        switch lane {
        case .consensus: nil
        case .sync: min(sync.maximumMessageByteCount, maximumClientMessageByteCount)
        case .commands: min(commands.maximumMessageByteCount, maximumClientMessageByteCount)
        }
    }
}
