/// The pacemaker of the house: the time grows by a factor while views fail, is capped, and falls back on a commit, but not below twice
/// the time that views need which go well.
///
/// Where the network is slower than the settings say, the time that was found by growing is thus kept, and not sought again after every
/// commit. It falls when the network is faster again: of each leader the last view counts (`ViewDurations`).
///
/// A leader whose connection has broken is given a small part of the time: if it is dead, the others see the same and the view
/// ends at once; if it lives, one replica's error ends no view.
public struct PatientPacemaker: Pacemaker {
    /// The settings.
    public let settings: PacemakerSettings
    /// When the current view is given up, or the last timeout is sent again; never while there is no work.
    public private(set) var deadline: Instant?
    private var durations: ViewDurations
    private var failures = 0
    private var repetitions = 0
    /// Since when there has been work in this view, and how long it may take from then on.
    private var allowance: (start: Instant, microseconds: UInt64)?

    /// Creates a pacemaker at rest.
    public init(settings: PacemakerSettings, validators: ValidatorSet) {
        self.settings = settings
        durations = ViewDurations(of: validators)
    }

    /// The time that the current view is given, in microseconds.
    public var timeoutMicroseconds: UInt64 { duration(steps: failures) }

    /// Takes note that a view has begun: one that was given up makes the next ones longer, unless it was hopeless.
    public mutating func enterView(after end: ViewEnd, ledBy leader: ReplicaID?, wasHopeless: Bool, now: Instant) {
        // Where the leader was gone or the votes were divided, no time was too short.
        if end != .certificate, !wasHopeless { failures += 1 }
        if end == .certificate, let leader, let start = allowance?.start, start <= now {
            durations.note(now.rawValue - start.rawValue, ledBy: leader)
        }
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
    public mutating func update(hasWork: Bool, suspectsLeader: Bool, now: Instant) {
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

    /// The time that a leader is given whose connection has broken: a fiftieth of that of a view that goes well.
    private var graceMicroseconds: UInt64 { settings.viewTimeoutMilliseconds * 1_000 / 50 }

    /// Whether the time is up; if so, the next time is set, later with each repetition.
    public mutating func expires(now: Instant) -> Bool {
        guard let due = deadline, due <= now else { return false }
        repetitions += 1
        deadline = now.advanced(byMicroseconds: duration(steps: failures + repetitions))
        return true
    }

    /// Twice what views need that go well.
    private var needed: UInt64 { min(durations.believed, settings.maximumTimeoutMilliseconds * 1_000) * 2 }

    private func duration(steps: Int) -> UInt64 {
        let cap = settings.maximumTimeoutMilliseconds * 1_000
        var duration = settings.viewTimeoutMilliseconds * 1_000
        for _ in 0..<steps where (duration < cap || mutant("timer-without-cap")) && !mutant("timer-never-grows") {
            duration = duration * settings.growthPercent / 100
            if settings.growthPercent == 100 { break }
        }
        return mutant("timer-without-cap") ? duration : min(max(duration, needed), cap)
    }
}
