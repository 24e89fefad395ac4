public import HotStuff

/// Hears what happens on the connections of a replica.
///
/// Every method is called on an event loop and must not block. The events of one peer, or of one client, come one at a time
/// and in order: connected, any number of messages, disconnected; those of different peers come from several threads.
public protocol TransportDelegate: AnyObject, Sendable {
    /// A peer has proved who it is; messages flow both ways.
    func peerConnected(_ peer: ReplicaID)

    /// The connection to a peer is over; the transport dials again, or waits to be dialled.
    func peerDisconnected(_ peer: ReplicaID, reason: ConnectionFailure)

    /// Messages have come in, those of one read together, in the order in which they came.
    func received(_ messages: [InboundMessage], from sender: Sender)

    /// An anonymous client is gone for good.
    func clientDisconnected(_ client: ClientConnectionID, reason: ConnectionFailure)
}

/// Hears what happens on the connections of a client.
///
/// Every method is called on an event loop and must not block. The events of one replica come one at a time and in order.
public protocol ClientTransportDelegate: AnyObject, Sendable {
    /// A replica has proved who it is; messages flow both ways.
    func connected(_ replica: ReplicaID)

    /// The connection to a replica is over; the transport dials again.
    func disconnected(_ replica: ReplicaID, reason: ConnectionFailure)

    /// Messages have come in, those of one read together.
    func received(_ messages: [InboundMessage], from replica: ReplicaID)
}

/// A delegate that is not kept alive, so that it may own its transport.
final class WeakDelegate: Sendable {
    weak let value: (any TransportDelegate)?

    init(_ value: any TransportDelegate) {
        self.value = value
    }
}
