/// The digests of the last executed heights, against which the claims in headers are judged.
public struct ExecutionHistory: Sendable {
    /// What is known about a height.
    public enum Answer: Hashable, Sendable {
        /// This is the digest there.
        case digest(Digest)
        /// It has not been executed yet.
        case notYet
        /// It was executed too long ago to remember.
        case forgotten
    }

    private var states: [ExecutedState]

    /// How many heights are kept at least.
    public static let capacity = 2_048
    /// How many heights are kept at most: when there are more, the older ones go all at once.
    public static let maximumCount = capacity * 2

    /// Creates a history of successive states, at least one.
    public init(_ states: [ExecutedState]) {
        precondition(!states.isEmpty, "a history without a state")
        self.states = [states[0]]
        for state in states.dropFirst() { append(state) }
    }

    /// The number of heights kept.
    public var count: Int { states.count }

    /// What was executed last.
    public var last: ExecutedState { states[states.count - 1] }

    /// What is known about a height.
    public func answer(at height: Height) -> Answer {
        guard height <= last.height else { return .notYet }
        guard height >= states[0].height else { return .forgotten }
        return .digest(states[Int(height.rawValue - states[0].height.rawValue)].digest)
    }

    /// Adds the next executed height.
    public mutating func append(_ state: ExecutedState) {
        precondition(state.height.follows(last.height), "executed \(state.height) after \(last.height)")
        states.append(state)
        if states.count > ExecutionHistory.maximumCount { states.removeFirst(ExecutionHistory.capacity) }
    }
}
