internal import HotStuff

/// Lets through one complaint about a replica per second.
struct ComplaintLimiter: Sendable {
    private var last: [ReplicaID: Instant] = [:]

    /// Whether to complain now.
    mutating func admits(_ replica: ReplicaID, at now: Instant) -> Bool {
        if let before = last[replica], now < before.advanced(byMicroseconds: 1_000_000) { return false }
        last[replica] = now
        return true
    }
}
