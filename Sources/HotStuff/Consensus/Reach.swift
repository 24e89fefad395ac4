/// Who can be asked at the moment: the replicas and listeners that are connected.
struct Reach {
    fileprivate let isDisconnected: [Bool]
    fileprivate let audience: Audience

    /// Whether a replica or listener is connected.
    func includes(_ peer: ReplicaID) -> Bool {
        if peer.isListener { return audience.isConnected(peer) }
        return isDisconnected.indices.contains(peer.index) && !isDisconnected[peer.index]
    }
}

extension Consensus {
    /// Who can be asked at the moment.
    var reach: Reach { Reach(isDisconnected: isDisconnected, audience: audience) }
}
