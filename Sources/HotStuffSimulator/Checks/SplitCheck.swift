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
    /// The last views in which a quorum had voted and not for one block, while the replica was in them, in ascending order.
    private(set) var doubts: [View] = []
    /// The replica's own vote, which counts when it is signed and durable, whoever is to get it.
    private var own: (vote: VoteStatement, number: UInt64, position: JournalPosition, isSigned: Bool)?
    private var written = JournalPosition.start
    private var durable = JournalPosition.start

    init(world: SimulatedWorld) {
        self.world = world
        votes = Array(repeating: [], count: world.count)
    }

    /// Takes note of an event at a replica: a vote that it hears, or what makes its own one count.
    mutating func note(_ event: Event?, at replica: ReplicaID) {
        switch event {
        case .received(.vote(let vote), _): note(vote.content.statement, of: vote.content.voter)
        case .durable(let position): durable = max(durable, position)
        case .signed(let number, _) where number == own?.number: own?.isSigned = true
        default: break
        }
        noteOwn(of: replica)
    }

    /// Takes note of a vote that counts.
    private mutating func note(_ statement: VoteStatement, of voter: ReplicaID) {
        let index = voter.index
        guard !votes[index].contains(where: { $0.view == statement.view }) else { return }
        votes[index].append(statement)
        guard votes[index].count > SplitCheck.places,
            let lowest = votes[index].indices.min(by: { votes[index][$0].view < votes[index][$1].view })
        else { return }
        votes[index].remove(at: lowest)
    }

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        let standing = step.standing
        if step.event == nil { self = SplitCheck(world: world) }
        note(step.event, at: standing.replica)
        for effect in step.effects {
            if case .append(_, let position) = effect { written = position }
            if case .sign(let request) = effect, let vote = standing.record.lastVote, vote.digest == request.digest {
                own = (vote, request.number, written, false)
            }
        }
        // What came after the view was given up shows only when it ends.
        for effect in step.effects {
            guard case .enter(let entered, _, _) = effect, entered > .genesis else { continue }
            let ended = View(entered.rawValue - 1)
            if isSplit(ended) { remember(ended) }
            noteDoubt(about: ended)
        }
        noteDoubt(about: standing.view)
        guard !step.isTheLast, standing.record.forgottenThrough == nil, isSplit(standing.view) else { return nil }
        remember(standing.view)
        guard standing.record.lastTimedOutView < standing.view else { return nil }
        return Violation(
            .pacing,
            "replica \(standing.replica) waits for view \(standing.view), whose votes can make no quorum any more"
        )
    }

    private mutating func noteOwn(of replica: ReplicaID) {
        guard let own, own.isSigned, own.position <= durable else { return }
        note(own.vote, of: replica)
        self.own = nil
    }

    private mutating func remember(_ view: View) {
        guard view > splits.last ?? .genesis else { return }
        splits = splits.suffix(3) + [view]
    }

    /// Takes note of a view whose votes make a quorum only together, and no certificate.
    private mutating func noteDoubt(about view: View) {
        let (most, silent, total) = tally(view)
        let quorum = SimulatedWorld.quorum(of: total)
        guard most < quorum, total - silent >= quorum, view > doubts.last ?? .genesis else { return }
        doubts = doubts.suffix(3) + [view]
    }

    /// Whether no block of a view can reach a quorum, whoever else votes.
    func isSplit(_ view: View) -> Bool {
        let (most, silent, total) = tally(view)
        return most + silent < SimulatedWorld.quorum(of: total)
    }

    /// The power of those who voted for the block of a view that has most, of those who have not voted, and of all.
    private func tally(_ view: View) -> (most: UInt64, silent: UInt64, total: UInt64) {
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
        return (sums.values.max() ?? 0, silent, total)
    }
}
