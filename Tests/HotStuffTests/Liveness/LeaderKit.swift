import HotStuff

/// A chain of headers whose leaders are those that an election names; some views fail.
struct LedChain {
    let world: World
    let schedule: LeaderSchedule
    private(set) var headers: [BlockHeader]
    /// The history up to the last header.
    private(set) var history: LeaderHistory

    init(_ election: any LeaderElection, world: World) {
        self.world = world
        schedule = LeaderSchedule(election, among: world.committee.validators, parameters: world.parameters)
        headers = [world.committee.genesis.header]
        history = LeaderHistory(beginningIn: .genesis)
    }

    /// Goes on through a view; where its leader is among the dead it fails.
    ///
    /// - Returns: who leads it.
    @discardableResult
    mutating func run(_ view: UInt64, dead: Set<Int> = []) -> Int {
        guard let leader = schedule.leader(of: View(view), after: history) else { preconditionFailure("no leader") }
        if !dead.contains(leader.index) { add(view, by: leader) }
        return leader.index
    }

    /// Adds a block of a view, by whomever.
    mutating func add(_ view: UInt64, by leader: ReplicaID) {
        let parent = headers[headers.count - 1]
        var draft = HeaderDraft(
            chain: world.committee.chain,
            view: View(view),
            height: Height(parent.height.rawValue + 1),
            parent: parent.id,
            justifyView: parent.view,
            proposer: leader,
            payloadDigest: Payload.empty.digest,
            executed: .genesis,
            time: Timestamp(0)
        )
        draft.epoch = .first
        headers.append(draft.header)
        history = schedule.history(history, with: draft.header)
    }
}
