/// How long to wait before dialling again: twice as long after every failure, up to a limit, less a random part.
///
/// The random part, up to half of the wait, keeps replicas that lost each other together from meeting in lockstep.
public struct Backoff: Hashable, Sendable {
    /// So many doublings make more than a century of a second.
    private static let maximumDoublings = 32

    /// The wait after the first failure.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration

    /// Creates a rule.
    public init(initial: Duration = .milliseconds(50), maximum: Duration = .seconds(1)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait after so many failures in a row, the first being 1.
    public func delay(
        afterFailures count: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var delay = initial
        var remaining = min(max(count, 1) - 1, Backoff.maximumDoublings)
        while remaining > 0, delay < maximum {
            delay *= 2
            remaining -= 1
        }
        return min(delay, maximum) * Double.random(in: 0.5...1, using: &generator)
    }
}
