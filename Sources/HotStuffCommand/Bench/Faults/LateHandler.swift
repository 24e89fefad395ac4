import NIOCore

/// Passes on what it reads to another channel of the same event loop, later and in order.
final class LateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private struct Parcel {
        /// The bytes; nil for the end of them.
        let bytes: ByteBuffer?
        let due: NIODeadline
    }

    private let other: any Channel
    private let delay: () -> TimeAmount
    private var parcels: CircularBuffer<Parcel> = []
    private var isWaiting = false

    /// Creates the handler of one direction.
    ///
    /// - Parameters:
    ///   - other: where the bytes go.
    ///   - delay: how late they are at this moment.
    init(to other: any Channel, delay: @escaping () -> TimeAmount) {
        self.other = other
        self.delay = delay
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        add(unwrapInboundIn(data), context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        add(nil, context: context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func add(_ bytes: ByteBuffer?, context: ChannelHandlerContext) {
        // Also where the delay has just become shorter nothing overtakes anything.
        let due = max(NIODeadline.now() + delay(), parcels.last?.due ?? .uptimeNanoseconds(0))
        parcels.append(Parcel(bytes: bytes, due: due))
        deliver(on: context.eventLoop)
    }

    /// Passes on what is due, and comes back for the rest.
    private func deliver(on eventLoop: any EventLoop) {
        guard !isWaiting else { return }
        let now = NIODeadline.now()
        while let first = parcels.first, first.due <= now {
            parcels.removeFirst()
            if let bytes = first.bytes {
                other.writeAndFlush(bytes, promise: nil)
            } else {
                other.close(promise: nil)
            }
        }
        guard let next = parcels.first else { return }
        isWaiting = true
        eventLoop.assumeIsolated().scheduleTask(deadline: next.due) {
            self.isWaiting = false
            self.deliver(on: eventLoop)
        }
    }
}
