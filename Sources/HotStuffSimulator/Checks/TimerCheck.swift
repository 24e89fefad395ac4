internal import HotStuff

/// Whether a replica gives its views the time that the design gives them: growing while views fail, capped, and short again
/// after a commit, but for twice what the slowest view took that went well.
struct TimerCheck {
    private let world: SimulatedWorld
    /// How many views in a row have failed although their leaders were there, at least and at most: where the chain decides who
    /// leads, it is not known here whom a replica took for the leader.
    private var failures = (least: 0, most: 0)
    /// The same when the current view began: a commit shortens the next view, not one that runs.
    private var failuresAtEntry = 0
    /// How many views in a row have failed whose votes were divided, at most; and the same when the current view began.
    private var doubtCount = (now: 0, atEntry: 0)
    private var repetitions = 0
    /// When the current view began, and how long the slowest view took that ended well, waiting included.
    private var enteredAt = Instant(0)
    private var slowest: UInt64 = 0
    /// Since when the time runs: the view's beginning, or the last time that it was up.
    private var since = Instant(0)
    private var isDisconnected: [Bool]
    private var wake: Instant?
    /// Since when commands have been waiting in this view without a break.
    private var busySince: Instant?
    private var lastSent: Instant?
    private var view = View.genesis

    init(world: SimulatedWorld) {
        self.world = world
        isDisconnected = Array(repeating: false, count: world.count)
    }

    /// Judges an event with its effects.
    ///
    /// - Parameters:
    ///   - step: the event.
    ///   - splits: views whose votes could make no quorum any more: no time was too short for them.
    ///   - doubts: views in which a quorum had voted and not for one block: where work elects leaders, they have less time.
    /// - Returns: what is wrong, if anything is.
    mutating func judge(_ step: Step, splits: [View], doubts: [View]) -> Violation? {
        let replica = step.standing.replica
        let doubts = isByWork ? doubts : []
        if step.event == nil {
            self = TimerCheck(world: world)
            since = step.now
            enteredAt = step.now
        }
        if case .connected(let peer) = step.event { isDisconnected[peer.index] = false }
        if case .disconnected(let peer) = step.event { isDisconnected[peer.index] = true }
        var isClock = false
        if case .clock = step.event { isClock = true }
        for effect in step.effects {
            switch effect {
            case .gaveUp(let gaveUp):
                guard isClock else { continue }
                let full = duration(failures.least + repetitions, step.pace)
                let isSuspect = repetitions == 0 && mayBeGone(view)
                let isDoubtful = repetitions == 0 && doubts.contains(view)
                let least = isDoubtful ? min(full, grace(step.pace)) : full
                if !isSuspect, step.now.rawValue < since.rawValue + least {
                    return Violation(
                        .pacing,
                        "replica \(replica) gave up view \(gaveUp) after \(step.now.rawValue - since.rawValue) of \(least)"
                    )
                }
                repetitions += 1
                since = step.now
            case .enter(let entered, _, let end):
                if end == .certificate { slowest = max(slowest, step.now.rawValue - enteredAt.rawValue) }
                enteredAt = step.now
                if end != .certificate, entered.rawValue > 0 {
                    let ended = View(entered.rawValue - 1)
                    if !mayBeGone(ended), !splits.contains(ended), !doubts.contains(ended) { failures.least += 1 }
                    if doubts.contains(ended) { doubtCount.now += 1 }
                    if world.leader(of: ended).map({ !isDisconnected[$0.index] }) ?? true { failures.most += 1 }
                }
                if end == .certificate { doubtCount.now = 0 }
                failuresAtEntry = failures.most
                doubtCount.atEntry = doubtCount.now
                repetitions = 0
                since = step.now
                busySince = nil
                lastSent = nil
            case .commit: failures = (0, 0)
            case .wake(let moment): wake = moment
            case .send(let released, .everyone):
                if case .timeout = released.message { lastSent = step.now }
            case .send, .append, .sign, .say, .serve, .serveRange, .repair, .serveSnapshot, .beginSnapshot, .keepChunk,
                .adoptSnapshot, .refuse, .answer, .mine, .ignoredProof, .report, .amnesia, .startSegment,
                .halt:
                continue
            }
        }
        view = step.standing.view
        guard step.standing.pendingCommandCount > 0, !step.isTheLast, step.standing.record.forgottenThrough == nil
        else {
            busySince = nil
            return nil
        }
        if busySince == nil { busySince = step.now }
        return late(step, isDoubtful: doubts.last == view)
    }

    private var isByWork: Bool {
        if case .proofOfWork = world.parameters.leaderElection { true } else { false }
    }

    /// The least that any view is given: a fiftieth of the time of one that goes well.
    private func grace(_ pace: PacemakerSettings) -> UInt64 { pace.viewTimeoutMilliseconds * 1_000 / 50 }

    /// Whether the connection to the leader of a view is broken, or may be, or to the one who collects its votes.
    private func mayBeGone(_ view: View) -> Bool {
        let leaders =
            world.isRouted ? [world.leader(of: view), view.next.flatMap(world.leader)] : [world.leader(of: view)]
        return leaders.contains { $0.map { isDisconnected[$0.index] } ?? isDisconnected.contains(true) }
    }

    /// Whether the time is too long while commands wait.
    private func late(_ step: Step, isDoubtful: Bool) -> Violation? {
        let replica = step.standing.replica
        let hasGivenUp = step.standing.record.lastTimedOutView >= view
        let cap = step.pace.maximumTimeoutMilliseconds * 1_000
        let most = hasGivenUp ? cap : max(duration(failuresAtEntry, step.pace), min(min(slowest, cap) * 2, cap))
        guard let wake, wake.rawValue <= step.now.rawValue + most else {
            return Violation(
                .pacing,
                "replica \(replica) has commands and gives view \(view) more than \(most) after \(failuresAtEntry) failures"
            )
        }
        // Of those whose votes are divided the slow ones have twice the time of a view that went well, and more after every second.
        let needed = grown(max(grace(step.pace), min(slowest, cap) * 2), doubtCount.atEntry / 2, step.pace)
        if isDoubtful, !hasGivenUp, repetitions == 0, let busySince, wake.rawValue > busySince.rawValue + needed {
            return Violation(
                .pacing,
                "replica \(replica) gives view \(view), whose votes are divided, more than \(needed)"
            )
        }
        if hasGivenUp, let lastSent, let busySince {
            let latest = max(lastSent, busySince, since).rawValue
            if step.now.rawValue > latest + cap {
                return Violation(.pacing, "replica \(replica) does not repeat its timeout of view \(view)")
            }
        }
        return nil
    }

    private func duration(_ steps: Int, _ pace: PacemakerSettings) -> UInt64 {
        min(grown(pace.viewTimeoutMilliseconds * 1_000, steps, pace), pace.maximumTimeoutMilliseconds * 1_000)
    }

    /// A time that has grown by so many steps, and not much beyond the cap.
    private func grown(_ time: UInt64, _ steps: Int, _ pace: PacemakerSettings) -> UInt64 {
        var time = time
        let cap = pace.maximumTimeoutMilliseconds * 1_000
        for _ in 0..<min(steps, 1_000) {
            if time >= cap { break }
            time = time * pace.growthPercent / 100
        }
        return time
    }
}
