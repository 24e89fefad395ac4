import HotStuff
import Synchronization

/// The connections of anonymous clients that a replica serves at the moment.
final class ClientConnections: Sendable {
    private struct State {
        var links: [UInt64: Link] = [:]
        /// What was counted on links that are gone.
        var drops = TransportStatistics()
    }

    private let limits: TransportLimits
    private let delegate: WeakDelegate
    private let state = Mutex(State())

    init(limits: TransportLimits, delegate: any TransportDelegate) {
        self.limits = limits
        self.delegate = WeakDelegate(delegate)
    }

    /// Makes room for a client, or refuses it.
    func admit(_ connection: UInt64) throws(ConnectionFailure) -> Link {
        let limits = limits
        let observer = ClientObserver(client: ClientConnectionID(connection), delegate: delegate)
        let link = Link(
            limits: { lane in
                LaneLimits(
                    maximumMessageByteCount: limits[lane].maximumMessageByteCount,
                    queueByteCount: limits.clientQueueByteCount
                )
            },
            outlivesConnections: false,
            observer: observer
        )
        let isAdmitted = state.withLock { state in
            guard state.links.count < limits.maximumClientCount else { return false }
            state.links[connection] = link
            return true
        }
        guard isAdmitted else { throw .tooManyConnections }
        return link
    }

    /// Forgets a client that is gone.
    func remove(_ connection: UInt64) {
        state.withLock { state in
            guard let link = state.links.removeValue(forKey: connection) else { return }
            state.drops.add(link.takeDrops())
        }
    }

    func link(of client: ClientConnectionID) -> Link? {
        state.withLock { $0.links[client.rawValue] }
    }

    /// The drops counted since the last call.
    func takeDrops() -> TransportStatistics {
        state.withLock { state in
            for link in state.links.values {
                state.drops.add(link.takeDrops())
            }
            defer { state.drops = TransportStatistics() }
            return state.drops
        }
    }
}

/// Passes the events of a client's link on.
private struct ClientObserver: LinkObserver {
    let client: ClientConnectionID
    let delegate: WeakDelegate

    func linkConnected() {}

    func linkReceived(_ messages: [InboundMessage]) {
        delegate.value?.received(messages, from: .client(client))
    }

    func linkDisconnected(_ reason: ConnectionFailure) {
        delegate.value?.clientDisconnected(client, reason: reason)
    }
}
