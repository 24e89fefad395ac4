import NIOCore

/// A moment on the client's steady clock.
///
/// A word, where an instant of `ContinuousClock` is a value that other modules copy by a call: a client handles some ten for each command.
struct Moment: Comparable, Sendable {
    /// Nanoseconds since some moment in the past.
    private let nanoseconds: UInt64

    /// The present one.
    static var now: Moment { Moment(nanoseconds: NIODeadline.now().uptimeNanoseconds) }

    /// No moment lies behind this one: from here to anywhere is a number of nanoseconds that fits a word with a sign.
    private static let endOfTime = UInt64(Int64.max)

    /// The moment that is so much later, or the end of time; for a time below zero this one.
    func advanced(by duration: Duration) -> Moment {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return self }
        let (whole, isTooMuch) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = nanoseconds.addingReportingOverflow(whole)
        let (end, isBehind) = sum.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        return Moment(nanoseconds: isTooMuch || isBeyond || isBehind ? Self.endOfTime : min(end, Self.endOfTime))
    }

    /// The time from here to another moment; negative if that lies in the past.
    func duration(to other: Moment) -> Duration {
        .nanoseconds(Int64(truncatingIfNeeded: other.nanoseconds &- nanoseconds))
    }

    static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }
}
