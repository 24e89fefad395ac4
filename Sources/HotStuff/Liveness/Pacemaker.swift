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

/// Decides when the current view has taken too long.
///
/// It knows no votes and no blocks: safety never depends on it. The time grows while views fail, is capped, and falls back on
/// a commit. It runs only while there is work, so that an idle chain burns no views.
public struct Pacemaker: Sendable {
    /// The settings.
    public let settings: PacemakerSettings
    /// When the current view is given up, or the last timeout is sent again; never while there is no work.
    public private(set) var deadline: Instant?
    private var failures = 0
    private var repetitions = 0

    /// Creates a pacemaker at rest.
    public init(settings: PacemakerSettings) {
        self.settings = settings
    }

    /// The time that the current view is given, in microseconds.
    public var timeoutMicroseconds: UInt64 { duration(steps: failures) }

    /// Half the time of a view that goes well, in microseconds: when others are told what is overdue.
    public var patienceMicroseconds: UInt64 { settings.viewTimeoutMilliseconds * 1_000 / 2 }

    /// Takes note that a view has begun.
    ///
    /// - Parameter failed: whether the view before was given up.
    public mutating func enterView(afterFailure failed: Bool) {
        if failed { failures += 1 }
        repetitions = 0
        deadline = nil
    }

    /// Takes note of a commit, after which patience starts afresh.
    public mutating func committed() { failures = 0 }

    /// Runs the timer while there is work and stops it while there is none.
    public mutating func update(hasWork: Bool, now: Instant) {
        guard hasWork else {
            deadline = nil
            return
        }
        if deadline == nil { deadline = now.advanced(byMicroseconds: duration(steps: failures + repetitions)) }
    }

    /// Whether the time is up; if so, the next time is set, later with each repetition.
    public mutating func expires(now: Instant) -> Bool {
        guard let due = deadline, due <= now else { return false }
        repetitions += 1
        deadline = now.advanced(byMicroseconds: duration(steps: failures + repetitions))
        return true
    }

    private func duration(steps: Int) -> UInt64 {
        let cap = settings.maximumTimeoutMilliseconds * 1_000
        var duration = settings.viewTimeoutMilliseconds * 1_000
        for _ in 0..<steps where duration < cap {
            duration = duration * settings.growthPercent / 100
            if settings.growthPercent == 100 { break }
        }
        return min(duration, cap)
    }
}
