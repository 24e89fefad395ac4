internal import HotStuff

/// Whether a replica gives up a view at once whose votes can make no quorum any more, and takes none for such that can.
///
/// Of each voter the votes of its highest views are remembered, as the design says, and of one view the first.
struct SplitCheck {
    private static let places = 4

    private let world: SimulatedWorld
    private var votes: [[VoteStatement]]
    /// The last views that could make no quorum any more while the replica was in them, in ascending order.
    private(set) var splits: [View] = []

    init(world: SimulatedWorld) {
        self.world = world
        votes = Array(repeating: [], count: world.count)
    }

    /// Takes note of a vote that the replica heard or released.
    mutating func note(_ vote: Vote) {
        let index = vote.voter.index
        guard !votes[index].contains(where: { $0.view == vote.statement.view }) else { return }
        votes[index].append(vote.statement)
        guard votes[index].count > SplitCheck.places,
            let lowest = votes[index].indices.min(by: { votes[index][$0].view < votes[index][$1].view })
        else { return }
        votes[index].remove(at: lowest)
    }

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        let standing = step.standing
        if step.event == nil { self = SplitCheck(world: world) }
        if case .received(.vote(let vote), _) = step.event { note(vote.content) }
        for effect in step.effects {
            if case .send(let released, .everyone) = effect, case .vote(let vote) = released.message { note(vote) }
        }
        // What came after the view was given up shows only when it ends.
        for effect in step.effects {
            guard case .enter(let entered, _, _) = effect, entered > .genesis else { continue }
            let ended = View(entered.rawValue - 1)
            if isSplit(ended) { remember(ended) }
        }
        guard !step.isTheLast, standing.record.forgottenThrough == nil, isSplit(standing.view) else { return nil }
        remember(standing.view)
        guard standing.record.lastTimedOutView < standing.view else { return nil }
        return Violation(
            .pacing,
            "replica \(standing.replica) waits for view \(standing.view), whose votes can make no quorum any more"
        )
    }

    private mutating func remember(_ view: View) {
        guard view > splits.last ?? .genesis else { return }
        splits = splits.suffix(3) + [view]
    }

    /// Whether no block of a view can reach a quorum, whoever else votes.
    func isSplit(_ view: View) -> Bool {
        var sums: [VoteStatement: UInt64] = [:]
        var silent: UInt64 = 0
        for (index, held) in votes.enumerated() {
            let power = world.committee.validators.validators[index].power.rawValue
            if let vote = held.first(where: { $0.view == view }) {
                sums[vote, default: 0] += power
            } else {
                silent += power
            }
        }
        let total = world.committee.validators.validators.reduce(UInt64(0)) { $0 + $1.power.rawValue }
        return (sums.values.max() ?? 0) + silent < SimulatedWorld.quorum(of: total)
    }
}
