import NIOCore
import Synchronization

/// Takes the events of a link, one at a time and in order: connected, received any number of times, disconnected.
protocol LinkObserver: Sendable {
    func linkConnected()
    func linkReceived(_ messages: [InboundMessage])
    func linkDisconnected(_ reason: ConnectionFailure)
}

/// A connection as its link reaches it from any thread.
struct ConnectionReference: Sendable {
    let id: UInt64
    let eventLoop: any EventLoop
    let handler: NIOLoopBound<TrafficHandler>

    /// Makes the connection fetch what waits.
    func wake() {
        eventLoop.execute { handler.value.drain() }
    }

    func close(_ reason: ConnectionFailure) {
        eventLoop.execute { handler.value.end(reason) }
    }
}

/// All that is kept about one other side while connections to it come and go: the queues, and the connection if there is one.
///
/// Sending is cheap from any thread: a lock, an append, and one wake of the event loop for all that is appended until it runs.
final class Link: Sendable {
    private struct State {
        var queues: OutboundQueues
        var connection: ConnectionReference?
        /// Whether the connection will look into the queues without being woken.
        var isScheduled = false
    }

    private let state: Mutex<State>
    /// The connection whose events are delivered; held while the observer runs, so that its events come one at a time.
    private let delivery = Mutex<UInt64?>(nil)
    private let observer: any LinkObserver
    private let outlivesConnections: Bool

    /// Creates a link; one that outlives its connections keeps messages of consensus for the next one.
    init(limits: (Lane) -> LaneLimits, outlivesConnections: Bool, observer: any LinkObserver) {
        state = Mutex(State(queues: OutboundQueues(limits: limits)))
        self.outlivesConnections = outlivesConnections
        self.observer = observer
    }

    /// Queues a message; answers whether it was accepted.
    func send(_ bytes: [UInt8], lane: Lane) -> Bool {
        var sleeper: ConnectionReference?
        let isAccepted = state.withLock { state in
            guard state.connection != nil || (outlivesConnections && lane == .consensus) else {
                state.queues.countDrop(in: lane)
                return false
            }
            guard state.queues.append(bytes, lane: lane) else { return false }
            guard !state.isScheduled, let connection = state.connection else { return true }
            state.isScheduled = true
            sleeper = connection
            return true
        }
        sleeper?.wake()
        return isAccepted
    }

    /// Takes fragments off the queues until they have so many bytes; when nothing is left, the next message wakes.
    func take(upTo byteCount: Int, into fragments: inout [Fragment]) {
        state.withLock { state in
            var count = 0
            while count < byteCount {
                guard let fragment = state.queues.next() else {
                    state.isScheduled = false
                    return
                }
                count += fragment.range.count + FrameFormat.overhead
                fragments.append(fragment)
            }
        }
    }

    /// Makes a connection the one that carries this link; another one that did is closed.
    ///
    /// The caller looks into the queues afterwards.
    func attach(_ connection: ConnectionReference) {
        let previous = delivery.withLock { current in
            let previous = state.withLock { state in
                let previous = state.connection
                if previous != nil { state.queues.connectionLost() }
                state.connection = connection
                state.isScheduled = true
                return previous
            }
            if current != nil { observer.linkDisconnected(.replaced) }
            current = connection.id
            observer.linkConnected()
            return previous
        }
        previous?.close(.replaced)
    }

    /// Hands messages to the observer, unless another connection has taken over.
    func deliver(_ messages: [InboundMessage], from connection: UInt64) {
        delivery.withLock { current in
            guard current == connection else { return }
            observer.linkReceived(messages)
        }
    }

    /// Ends a connection's part in this link, unless another one has taken over.
    func detach(_ connection: UInt64, reason: ConnectionFailure) {
        delivery.withLock { current in
            guard current == connection else { return }
            current = nil
            state.withLock { state in
                state.connection = nil
                state.isScheduled = false
                state.queues.connectionLost()
            }
            observer.linkDisconnected(reason)
        }
    }

    /// Closes the connection, if there is one.
    func close(_ reason: ConnectionFailure) {
        state.withLock { $0.connection }?.close(reason)
    }

    /// Whether a connection carries this link.
    var isConnected: Bool { state.withLock { $0.connection != nil } }

    /// The drops counted since the last call.
    func takeDrops() -> TransportStatistics {
        var statistics = TransportStatistics()
        let drops = state.withLock { $0.queues.takeDrops() }
        for lane in Lane.allCases {
            statistics.countDrops(drops[lane.index], in: lane)
        }
        return statistics
    }
}
