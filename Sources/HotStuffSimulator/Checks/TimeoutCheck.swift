internal import HotStuff

/// Whether a timeout shows the certificates by which its sender stood where it stood when it gave the view up.
struct TimeoutCheck {
    private struct Shown: Equatable {
        let quorum: View
        let timeout: View?
    }

    private var decided: [View: Shown] = [:]
    private var released: Set<View> = []
    private var last: TimeoutStatement?

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        // A decision that nobody heard of may come back from a torn write alone, and is shown with what there is then.
        if step.event == nil { decided = decided.filter { released.contains($0.key) } }
        if let timeout = step.standing.record.lastTimeout, timeout != last {
            last = timeout
            // A replica that starts again finds what it decided before, on what it had then.
            if step.event != nil {
                let pair = step.standing.certificates
                decided[timeout.view] = Shown(quorum: pair.quorum.view, timeout: pair.timeout?.view)
            }
        }
        for effect in step.effects {
            guard case .send(let sent, _) = effect, case .timeout(let timeout) = sent.message else { continue }
            guard let shown = decided[sent.view] else { continue }
            released.insert(timeout.statement.view)
            let pair = timeout.certificates
            if shown != Shown(quorum: pair.quorum.view, timeout: pair.timeout?.view) {
                return Violation(
                    .rule,
                    "the timeout of replica \(step.standing.replica) for view \(sent.view) does not show its certificates"
                )
            }
        }
        return nil
    }
}
