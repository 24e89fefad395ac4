import HotStuff

/// The numbers of one open session, handed out in order so that no command falls out of the replicas' window.
///
/// Replicas tell apart the 4,096 numbers below the highest that they have seen, and take numbers up to 4,096 above it
/// (`SessionLimits.windowWidth`). Half of it is used in both directions.
struct SessionNumbers: Sendable {
    /// How far a number may lie above the oldest that is not settled, and above the highest that is known to be used.
    static let span: UInt64 = 2_048

    let session: SessionID
    private(set) var next: UInt64 = 1
    private var highestUsed: UInt64 = 0

    init(session: SessionID) {
        self.session = session
    }

    /// Whether so many commands came to nothing that the next number could be out of the replicas' range.
    var isWornOut: Bool { next > highestUsed + Self.span }

    /// Whether the next number is close enough to the oldest that is not settled.
    func reaches(from oldestPending: UInt64?) -> Bool {
        guard let oldestPending else { return true }
        return next < oldestPending + Self.span
    }

    /// Takes the next number.
    mutating func take() -> CommandKey {
        defer { next += 1 }
        return CommandKey(session: session, sequence: next)
    }

    /// Notes that replicas have used a number that was handed out.
    mutating func used(_ sequence: UInt64) {
        precondition(sequence < next, "number \(sequence) is used before it is taken; the next is \(next)")
        highestUsed = max(highestUsed, sequence)
    }
}
