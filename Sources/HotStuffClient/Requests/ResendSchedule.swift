/// When something that is not answered is sent again: after a wait that doubles each time, up to a limit.
struct ResendSchedule: Sendable {
    /// When it is due.
    private(set) var next: Moment
    private var interval: Duration
    private let maximum: Duration

    init(dueAt next: Moment, interval: Duration, maximum: Duration) {
        self.next = next
        self.interval = min(interval, maximum)
        self.maximum = maximum
    }

    /// Notes that it was sent.
    mutating func sent(at now: Moment) {
        next = now.advanced(by: interval)
        interval = min(interval * 2, maximum)
    }

    /// Makes it due at some moment if it is not before.
    mutating func hasten(to now: Moment) {
        next = min(next, now)
    }
}
