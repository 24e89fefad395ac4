internal import HotStuff

/// Whether one that gave what is not true is left alone for a while by whoever catches up.
struct TrustCheck {
    /// When each was last found to lie.
    private var caught: [ReplicaID: Instant] = [:]
    /// How long a liar is asked for nothing: what the design says, but for one second in which a replica's clock may be behind its core's.
    private static let penaltyMicroseconds: UInt64 = 59_000_000

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        // Who starts again has forgotten whom it caught.
        if step.event == nil { caught = [:] }
        // An event of a listener's is shown to checks as its refusal, whatever it was.
        if case .refused(let peer) = step.event, !peer.isListener { caught[peer] = step.now }
        guard !caught.isEmpty else { return nil }
        for effect in step.effects {
            let peer: ReplicaID
            switch effect {
            // One block is asked of all in turn, whoever they are: it is to be repaired.
            case .say(.rangeRequest(let request), .replica(let asked))
            where request.through.rawValue > request.above.rawValue + 1:
                peer = asked
            case .say(.snapshotRequest, .replica(let asked)): peer = asked
            default: continue
            }
            guard let time = caught[peer], step.now.rawValue < time.rawValue + Self.penaltyMicroseconds else {
                continue
            }
            return Violation(
                .courtesy,
                "replica \(step.standing.replica) asks replica \(peer) \((step.now.rawValue - time.rawValue) / 1_000) ms after that lied to it"
            )
        }
        return nil
    }
}
