/// How long a replica waits for a view, and when it speaks again.
public struct PacemakerSettings: Hashable, Sendable {
    /// The time a view may take when all is well, in milliseconds.
    public var viewTimeoutMilliseconds: UInt64
    /// By how much the time grows with each failed view and each repetition, in percent: 150 means half as much again.
    public var growthPercent: UInt64
    /// The longest time a view may take, in milliseconds.
    public var maximumTimeoutMilliseconds: UInt64

    /// Creates settings; each has a default.
    public init(
        viewTimeoutMilliseconds: UInt64 = 1_000,
        growthPercent: UInt64 = 150,
        maximumTimeoutMilliseconds: UInt64 = 10_000
    ) {
        self.viewTimeoutMilliseconds = viewTimeoutMilliseconds
        self.growthPercent = growthPercent
        self.maximumTimeoutMilliseconds = maximumTimeoutMilliseconds
    }

    /// Half the time of a view that goes well, in microseconds: when others are told what is overdue.
    var patienceMicroseconds: UInt64 { viewTimeoutMilliseconds * 1_000 / 2 }

    /// What is wrong with these settings, as one clause that names the setting and its range; nothing if all is well.
    public var fault: String? {
        if !(1...3_600_000).contains(viewTimeoutMilliseconds) {
            return "viewTimeoutMilliseconds is \(viewTimeoutMilliseconds), allowed are 1 to 3600000"
        }
        if !(100...1_000).contains(growthPercent) {
            return "timeoutGrowthPercent is \(growthPercent), allowed are 100 to 1000"
        }
        if !(viewTimeoutMilliseconds...3_600_000).contains(maximumTimeoutMilliseconds) {
            return
                "maximumTimeoutMilliseconds is \(maximumTimeoutMilliseconds), allowed are \(viewTimeoutMilliseconds) to 3600000"
        }
        return nil
    }
}
