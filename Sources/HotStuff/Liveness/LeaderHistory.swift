/// A leader whose last views left gaps in the chain.
public struct LeaderFailure: Hashable, Sendable {
    /// Who should have led.
    public let leader: ReplicaID
    /// The last view of which it made no block of the chain.
    public let view: View
    /// How many of its views failed since it last led one that is in the chain.
    public let count: UInt32
}

/// What the headers up to a block of the chain tell of its leaders: all that an election may know.
///
/// It follows from views, heights, proposers and difficulties alone, and begins afresh at every height at which a snapshot is due: whoever starts
/// from a snapshot and the blocks above it knows it exactly, and nobody needs older headers. Its size is O(n):
/// it holds those who failed and have not led since, and those who proposed.
public struct LeaderHistory: Hashable, Sendable {
    /// The view of the last block.
    public let view: View
    /// Who led that view; nil where the history begins with it.
    public private(set) var leader: ReplicaID?
    /// How many views in a row it has led up to that one, since the history began.
    public private(set) var tenure: UInt64
    /// Who failed and has not led since: first who failed most often in a row, among these who failed last.
    public private(set) var failures: [LeaderFailure]
    /// How difficult the puzzle was that the last block's proposer solved; zero where there was none.
    public private(set) var difficulty: UInt8
    /// How many blocks in a row up to the last one came without a failed view before them, since the history began.
    public private(set) var steadyCount: UInt64
    /// Who proposed the blocks since the history began, each once: whose last block is the newest comes first.
    public private(set) var proposers: [ReplicaID]

    /// Begins with a block of which only the view is known.
    ///
    /// - Parameter view: the block's view.
    public init(beginningIn view: View) {
        self.view = view
        (leader, tenure, failures) = (nil, 0, [])
        (difficulty, steadyCount, proposers) = (0, 0, [])
    }

    /// Begins with a block.
    ///
    /// - Parameter header: the block's header.
    public init(beginningWith header: BlockHeader) {
        self.init(beginningIn: header.view)
        difficulty = header.work.difficulty
    }

    /// Takes note of a view that left a gap.
    mutating func fail(_ leader: ReplicaID, in view: View) {
        let before = failures.firstIndex { $0.leader == leader }.map { failures.remove(at: $0).count } ?? 0
        let count = before == .max ? before : before + 1
        // The latest failure goes before those of as many.
        let place = failures.firstIndex { $0.count <= count } ?? failures.count
        failures.insert(LeaderFailure(leader: leader, view: view, count: count), at: place)
    }

    /// The history with a block on top, before which the failed views are noted.
    ///
    /// - Parameter header: the header of the next block of the chain.
    /// - Returns: the history up to that block.
    func succeeded(by header: BlockHeader) -> LeaderHistory {
        var next = LeaderHistory(beginningWith: header)
        next.leader = header.proposer
        next.tenure = header.view.follows(view) && leader == header.proposer ? tenure &+ 1 : 1
        next.failures = failures
        if let index = next.failures.firstIndex(where: { $0.leader == header.proposer }) {
            next.failures.remove(at: index)
        }
        next.steadyCount = header.view.follows(view) ? steadyCount &+ 1 : 0
        next.proposers = [header.proposer] + proposers.filter { $0 != header.proposer }
        return next
    }
}
