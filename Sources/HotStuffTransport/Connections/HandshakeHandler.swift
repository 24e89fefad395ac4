import HotStuff
import Logging
import NIOCore
import NIOPosix

/// Drives a handshake over a channel, then makes room for the handler of the frames.
///
/// The machine itself runs on the handshake thread; it is a value that goes there and comes back.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Which side this is.
    enum Side: Sendable {
        case initiator
        case responder
    }

    private struct Outcome: Sendable {
        let machine: HandshakeStateMachine
        let step: HandshakeStep
    }

    /// More than any handshake has; who sends more while its bytes are being looked at is no peer.
    private static let maximumPendingByteCount = 1 << 14

    private let environment: ConnectionEnvironment
    private let callbacks: ConnectionCallbacks
    private let side: Side
    private let connection: UInt64
    /// Nothing while the handshake thread has it.
    private var machine: HandshakeStateMachine?
    private var pending: [UInt8] = []
    private var isOver = false
    private var timeout: Scheduled<Void>?

    init(
        environment: ConnectionEnvironment,
        callbacks: ConnectionCallbacks,
        side: Side,
        connection: UInt64,
        machine: HandshakeStateMachine
    ) {
        self.environment = environment
        self.callbacks = callbacks
        self.side = side
        self.connection = connection
        self.machine = machine
    }

    func channelActive(context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(
            in: TimeAmount(environment.configuration.handshakeTimeout)
        ) {
            self.fail(.handshakeTimeout, context: context)
        }
        advance(context: context) { $0.start() }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        pending.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        guard pending.count <= HandshakeHandler.maximumPendingByteCount else {
            fail(.malformed(.trailingBytes), context: context)
            return
        }
        receivePending(context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(environment.isStopped ? .stopped : .closedByPeer, context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.network("\(error)"), context: context)
    }

    private func receivePending(context: ChannelHandlerContext) {
        guard machine != nil, !pending.isEmpty else { return }
        let bytes = pending
        pending.removeAll()
        advance(context: context) { $0.receive(bytes) }
    }

    private func advance(
        context: ChannelHandlerContext,
        _ work: @escaping @Sendable (inout HandshakeStateMachine) -> HandshakeStep
    ) {
        guard let machine else { return }
        self.machine = nil
        let outcome = environment.handshakeThread.runIfActive(eventLoop: context.eventLoop) {
            var machine = machine
            let step = work(&machine)
            return Outcome(machine: machine, step: step)
        }
        outcome.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let outcome): self.carryOut(outcome, context: context)
            case .failure: self.fail(.stopped, context: context)
            }
        }
    }

    private func carryOut(_ outcome: Outcome, context: ChannelHandlerContext) {
        guard !isOver else { return }
        machine = outcome.machine
        if !outcome.step.output.isEmpty {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: outcome.step.output)), promise: nil)
        }
        switch outcome.step.verdict {
        case .wait: receivePending(context: context)
        case .failed(let failure): fail(failure, context: context)
        case .established(let session): establish(session, context: context)
        }
    }

    private func establish(_ session: Session, context: ChannelHandlerContext) {
        guard pending.isEmpty else {
            fail(.malformed(.trailingBytes), context: context)
            return
        }
        let link: Link
        do {
            link = try callbacks.admit(session.remote, connection)
        } catch {
            fail(error, context: context)
            return
        }
        isOver = true
        timeout?.cancel()
        let handler = TrafficHandler(
            environment: environment,
            callbacks: callbacks,
            session: session,
            link: link,
            connection: connection,
            isConfirmed: side == .responder
        )
        let operations = context.pipeline.syncOperations
        do {
            try operations.addHandler(handler, position: .after(self))
        } catch {
            callbacks.ended(connection, .network("\(error)"), false)
            context.close(promise: nil)
        }
        operations.removeHandler(context: context, promise: nil)
    }

    private func fail(_ failure: ConnectionFailure, context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        timeout?.cancel()
        var batch = TransportStatistics()
        batch.handshakesFailed = 1
        environment.statistics.add(batch)
        let isWarning = side == .responder && failure.isOfAnotherChain && environment.admitsWarning()
        environment.logger.log(
            level: isWarning ? .warning : .debug,
            "handshake failed",
            metadata: [
                "reason": "\(failure)", "address": "\(context.remoteAddress.map(\.description) ?? "unknown")",
            ]
        )
        callbacks.ended(connection, failure, false)
        context.close(promise: nil)
    }
}
