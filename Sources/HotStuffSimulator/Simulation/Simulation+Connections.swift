internal import HotStuff

// Who has a connection to whom.
extension Simulation {
    func isConnected(_ left: Int, _ right: Int) -> Bool { connected[left * replicas.count + right] }

    func setConnected(_ left: Int, _ right: Int, _ value: Bool) {
        connected[left * replicas.count + right] = value
        connected[right * replicas.count + left] = value
    }

    /// The connections of a replica are gone, and the others see it.
    func disconnect(_ index: Int) {
        for other in replicas.indices where other != index && isConnected(index, other) { disconnect(index, other) }
    }

    func disconnect(_ left: Int, _ right: Int) {
        guard isConnected(left, right) else { return }
        setConnected(left, right, false)
        for (one, other) in [(left, right), (right, left)] where replicas[one].isUp {
            // As long as a twin is there, so is the peer.
            guard !bodies(of: replicas[other].id).contains(where: { isConnected(one, $0) }) else { continue }
            tell(one, of: other, isUp: false)
        }
    }

    /// Breaks the connections whose links are cut.
    func dropBrokenConnections() {
        for left in replicas.indices {
            for right in replicas.indices where right > left && network.isBroken(left, right) {
                disconnect(left, right)
            }
        }
    }

    /// Makes all connections that can be made.
    func reconnect() {
        for left in replicas.indices where replicas[left].isUp {
            for right in replicas.indices where right > left && replicas[right].isUp {
                guard replicas[left].id != replicas[right].id, !isConnected(left, right),
                    !replicas[left].id.isListener || !replicas[right].id.isListener,
                    !network.isBroken(left, right)
                else { continue }
                setConnected(left, right, true)
                tell(left, of: right, isUp: true)
                tell(right, of: left, isUp: true)
            }
        }
    }

    /// A replica learns that a connection was made or broke, as soon as it runs.
    func tell(_ index: Int, of other: Int, isUp: Bool) {
        let replica = replicas[index]
        agenda.add(
            .connection(index, incarnation: replica.incarnation, peer: replicas[other].id, isUp: isUp),
            at: time
        )
    }
}
