internal import HotStuff

/// Whether a replica gives up a view for a reason that the design knows: its own timer, timeouts of more than f, or divided votes.
struct JoinCheck {
    private let world: SimulatedWorld
    /// P - quorum + 1.
    private let moreThanFaulty: UInt64
    /// The highest view that each replica has given up, as far as this one knows.
    private var heard: [View?]
    private(set) var lastTimedOut: View
    private var wake: Instant?

    init(world: SimulatedWorld) {
        self.world = world
        let total = world.committee.validators.validators.reduce(UInt64(0)) { $0 + $1.power.rawValue }
        moreThanFaulty = total - SimulatedWorld.quorum(of: total) + 1
        heard = Array(repeating: nil, count: world.count)
        lastTimedOut = world.committee.genesis.view
    }

    /// Judges an event with its effects.
    ///
    /// - Parameters:
    ///   - step: the event.
    ///   - splits: views whose votes could make no quorum any more.
    /// - Returns: what is wrong, if anything is.
    mutating func judge(_ step: Step, splits: [View]) -> Violation? {
        let standing = step.standing
        if step.event == nil {
            self = JoinCheck(world: world)
            lastTimedOut = standing.record.lastTimedOutView
        }
        var isAboutTimeouts = false
        if case .received(.timeout(let timeout), let sender) = step.event {
            note(timeout.content.statement.view, of: sender)
            isAboutTimeouts = true
        }
        var isClock = false
        if case .clock = step.event { isClock = true }
        for effect in step.effects {
            if case .wake(let moment) = effect { wake = moment }
            guard !isClock, case .send(let released, .everyone) = effect, case .timeout = released.message else {
                continue
            }
            note(released.view, of: standing.replica)
            isAboutTimeouts = true
        }
        let before = lastTimedOut
        lastTimedOut = standing.record.lastTimedOutView
        if step.isTheLast || standing.record.forgottenThrough != nil { return nil }
        if lastTimedOut > before, !isClock, !splits.contains(lastTimedOut), failing.map({ $0 < lastTimedOut }) ?? true {
            return Violation(
                .pacing,
                "replica \(standing.replica) gave up view \(lastTimedOut) although only some within f did so"
            )
        }
        if isAboutTimeouts, let failing, failing >= standing.view, failing > lastTimedOut {
            return Violation(
                .pacing,
                "replica \(standing.replica) does not give up view \(failing), which more than f have given up"
            )
        }
        let pair = standing.certificates
        if pair.timeout != nil || pair.quorum.statement.commits == nil, wake == nil {
            return Violation(
                .pacing,
                "replica \(standing.replica) rests in view \(standing.view) on certificates that make nothing final"
            )
        }
        if case .received(.plea(let view), _) = step.event, view > standing.certificates.quorum.view,
            view.rawValue < standing.view.rawValue + 1_024, wake == nil
        {
            return Violation(
                .pacing,
                "replica \(standing.replica) rests although it was asked to go on up to view \(view)"
            )
        }
        if heard.contains(standing.view), wake == nil {
            return Violation(
                .pacing,
                "replica \(standing.replica) rests in view \(standing.view), which another has given up"
            )
        }
        return nil
    }

    private mutating func note(_ view: View, of sender: ReplicaID) {
        heard[sender.index] = max(heard[sender.index] ?? view, view)
    }

    /// The highest view that more than f have given up or passed.
    private var failing: View? {
        var power: UInt64 = 0
        let ranked = heard.enumerated().compactMap { index, view in view.map { (index, $0) } }.sorted { $0.1 > $1.1 }
        for (index, view) in ranked {
            power += world.committee.validators.validators[index].power.rawValue
            if power >= moreThanFaulty { return view }
        }
        return nil
    }
}
