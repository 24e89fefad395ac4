internal import HotStuff

/// Whether a timeout shows the certificates by which its sender stood where it stood when it gave the view up.
struct TimeoutCheck {
    private struct Shown: Equatable {
        let quorum: View
        let timeout: View?
    }

    private var decided: [View: Shown] = [:]
    private var last: TimeoutStatement?
    /// The views whose timeouts have left: only those were durable with all that they rest on.
    private var sent: Set<View> = []

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        if step.event == nil { decided = decided.filter { sent.contains($0.key) } }
        if let timeout = step.standing.record.lastTimeout, timeout != last {
            last = timeout
            // A replica that starts again finds what it decided before, on what it had then.
            if step.event != nil {
                let pair = step.standing.certificates
                decided[timeout.view] = Shown(quorum: pair.quorum.view, timeout: pair.timeout?.view)
            }
        }
        for effect in step.effects {
            guard case .send(let released, _) = effect, case .timeout(let timeout) = released.message,
                let shown = decided[released.view]
            else { continue }
            sent.insert(released.view)
            let pair = timeout.certificates
            if shown != Shown(quorum: pair.quorum.view, timeout: pair.timeout?.view) {
                return Violation(
                    .rule,
                    "the timeout of replica \(step.standing.replica) for view \(released.view) does not show its certificates"
                )
            }
        }
        return nil
    }
}
