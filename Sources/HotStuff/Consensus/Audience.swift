/// The listeners that follow a replica, and what each has had of it lately.
///
/// A listener is trusted less than a validator: it is answered only so often, whatever it sends.
struct Audience: Sendable {
    private struct Seat: Sendable {
        let listener: ReplicaID
        var isConnected = false
        /// What it was told last.
        var answer = CertificateAnswer()
        /// When the present second began, and how many requests came in it.
        var second = Instant(0)
        var requests = 0
    }

    /// How many requests of one listener are heard in a second.
    static let requestsPerSecond = 32

    private var seats: [Seat]

    init(_ listeners: [ReplicaID]) { seats = listeners.map { Seat(listener: $0) } }

    func isConnected(_ listener: ReplicaID) -> Bool { seats.contains { $0.listener == listener && $0.isConnected } }

    /// What a listener was told last; nothing if there is no such listener.
    func lastAnswer(to listener: ReplicaID) -> CertificateAnswer? { seats.first { $0.listener == listener }?.answer }

    /// Notes that a listener came or went.
    ///
    /// - Returns: whether there is such a listener.
    mutating func note(_ peer: ReplicaID, isConnected: Bool) -> Bool {
        update(peer) { $0.isConnected = isConnected } != nil
    }

    /// Notes what a listener was told.
    ///
    /// - Returns: whether there is such a listener.
    mutating func note(_ peer: ReplicaID, told answer: CertificateAnswer) -> Bool {
        update(peer) { $0.answer = answer } != nil
    }

    /// Counts a request of a listener.
    ///
    /// - Returns: whether there is such a listener, and it has not asked too much in this second.
    mutating func admitsRequest(of listener: ReplicaID, at now: Instant) -> Bool {
        let isAdmitted = update(listener) { seat in
            if now >= seat.second.advanced(byMicroseconds: 1_000_000) { (seat.second, seat.requests) = (now, 0) }
            seat.requests += 1
            return seat.requests <= Audience.requestsPerSecond
        }
        return isAdmitted ?? false
    }

    private mutating func update<Result>(_ listener: ReplicaID, _ change: (inout Seat) -> Result) -> Result? {
        guard let index = seats.firstIndex(where: { $0.listener == listener }) else { return nil }
        return change(&seats[index])
    }
}
