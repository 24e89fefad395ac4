/// Decides when the current view has taken too long.
///
/// It knows no votes and no blocks: safety never depends on it. The time grows while views fail, is capped, and falls back on
/// a commit. It runs only while there is work, so that an idle chain burns no views. A leader whose connection has broken is
/// given a small part of the time: if it is dead, the others see the same and the view ends at once; if it lives, one replica's
/// error ends no view.
public struct Pacemaker: Sendable {
    /// The settings.
    public let settings: PacemakerSettings
    /// When the current view is given up, or the last timeout is sent again; never while there is no work.
    public private(set) var deadline: Instant?
    private var failures = 0
    private var repetitions = 0
    /// Since when there has been work in this view, and how long it may take from then on.
    private var allowance: (start: Instant, microseconds: UInt64)?

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
        allowance = nil
        deadline = nil
    }

    /// Takes note of a commit, after which patience starts afresh.
    public mutating func committed() { failures = 0 }

    /// Runs the timer while there is work and stops it while there is none.
    ///
    /// - Parameters:
    ///   - hasWork: whether a command or a block waits for this view.
    ///   - suspectsLeader: whether the connection to the view's leader has broken.
    ///   - now: the time.
    public mutating func update(hasWork: Bool, suspectsLeader: Bool = false, now: Instant) {
        guard hasWork else {
            allowance = nil
            deadline = nil
            return
        }
        guard deadline == nil || repetitions == 0 else { return }
        let (start, full) = allowance ?? (now, duration(steps: failures + repetitions))
        allowance = (start, full)
        // Only the first time is shortened: what was given up once is repeated no faster for that.
        let isShortened = suspectsLeader && repetitions == 0
        deadline = start.advanced(byMicroseconds: isShortened ? min(full, graceMicroseconds) : full)
    }

    /// The time that a leader is given whose connection has broken: a twentieth of that of a view that goes well.
    private var graceMicroseconds: UInt64 { settings.viewTimeoutMilliseconds * 1_000 / 20 }

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
        for _ in 0..<steps where (duration < cap || mutant("timer-without-cap")) && !mutant("timer-never-grows") {
            duration = duration * settings.growthPercent / 100
            if settings.growthPercent == 100 { break }
        }
        return mutant("timer-without-cap") ? duration : min(duration, cap)
    }
}
