/// The pacemaker of the house: the time grows by a factor while views fail, is capped, and falls back on a commit, but not below twice
/// the time that views need which go well.
///
/// Where the network is slower than the settings say, the time that was found by growing is thus kept, and not sought again after every
/// commit. It falls when the network is faster again: of each leader the last view counts (`ViewDurations`).
///
/// A leader whose connection has broken is given a small part of the time: if it is dead, the others see the same and the view
/// ends at once; if it lives, one replica's error ends no view.
///
/// Where a quorum has voted for different blocks, as several solved a puzzle at once, only the slow ones can decide the view: they have twice the time
/// that views need which go well, and more with every second view in a row that ends so. Else each such view would cost as much as the slowest replica takes.
public struct PatientPacemaker: Pacemaker {
    /// The settings.
    public let settings: PacemakerSettings
    /// When the current view is given up, or the last timeout is sent again; never while there is no work.
    public private(set) var deadline: Instant?
    private var durations: ViewDurations
    private var failures = 0
    /// How many views in a row were given up because the votes that were there were divided.
    private var doubts = 0
    /// Whether the votes of the current view are divided, or were when it was given up.
    private var isDoubtful = false
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
        // Where the leader was gone or the votes were divided, no time was too short; nor the full one where less was given.
        if end != .certificate, !wasHopeless {
            if isDoubtful, doubtfulMicroseconds < timeoutMicroseconds { doubts += 1 } else { failures += 1 }
        }
        isDoubtful = false
        // How long it took is known from now on.
        if end == .certificate { doubts = 0 }
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
    ///   - prospect: what may still come of the view.
    ///   - now: the time.
    public mutating func update(hasWork: Bool, prospect: ViewProspect, now: Instant) {
        guard hasWork else {
            allowance = nil
            deadline = nil
            return
        }
        guard deadline == nil || repetitions == 0 else { return }
        if prospect == .doubtful { isDoubtful = true }
        let (start, full) = allowance ?? (now, duration(steps: failures + repetitions))
        allowance = (start, full)
        // Only the first time is shortened: what was given up once is repeated no faster for that.
        let shortened: UInt64 =
            switch prospect {
            case .open: full
            case .doubtful: doubtfulMicroseconds
            case .gone: graceMicroseconds
            }
        deadline = start.advanced(byMicroseconds: repetitions == 0 ? min(full, shortened) : full)
    }

    /// The time that a view is given whose votes are divided: it grows with every second one, for most of them are divided for good.
    private var doubtfulMicroseconds: UInt64 { grown(max(graceMicroseconds, needed), steps: doubts / 2) }

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
        let duration = grown(settings.viewTimeoutMilliseconds * 1_000, steps: steps)
        return mutant("timer-without-cap") ? duration : min(max(duration, needed), cap)
    }

    /// A time that has grown by so many steps, and not much beyond the cap.
    private func grown(_ time: UInt64, steps: Int) -> UInt64 {
        let cap = settings.maximumTimeoutMilliseconds * 1_000
        var duration = time
        for _ in 0..<steps where (duration < cap || mutant("timer-without-cap")) && !mutant("timer-never-grows") {
            duration = duration * settings.growthPercent / 100
            if settings.growthPercent == 100 { break }
        }
        return duration
    }
}
