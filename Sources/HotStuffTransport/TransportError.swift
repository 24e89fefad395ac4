public import HotStuff
public import PostQuantum

/// Why a transport cannot be made or started.
public enum TransportError: Error, Equatable, Sendable {
    /// Two peers have this identity.
    case duplicatePeer(ReplicaID)
    /// The key of this peer is none.
    case invalidKey(ReplicaID, KeyError)
    /// The own identity is not among the peers.
    case ownPeerMissing(ReplicaID)
    /// The signer's key is not the one that the peers know for this replica.
    case signerMismatch(ReplicaID)
    /// Another program listens on this port.
    case addressInUse(ListenAddress)
    /// The operating system does not let this program listen there, for this reason.
    case cannotListen(ListenAddress, reason: String)
    /// The transport was started before.
    case alreadyStarted
}

extension TransportError: CustomStringConvertible {
    /// One line for the operator.
    public var description: String {
        switch self {
        case .duplicatePeer(let replica): "two peers have the identity \(replica)"
        case .invalidKey(let replica, let error): "the key of replica \(replica): \(error)"
        case .ownPeerMissing(let replica): "replica \(replica) is not among the peers"
        case .signerMismatch(let replica): "the private key does not belong to the public key of replica \(replica)"
        case .addressInUse(let address): "port \(address.port) on \(address.host) is in use by another program"
        case .cannotListen(let address, let reason): "cannot listen on \(address.host):\(address.port): \(reason)"
        case .alreadyStarted: "the transport was started before"
        }
    }
}
