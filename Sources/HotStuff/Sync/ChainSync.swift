/// Gets final blocks by height from several peers at a time, for a replica that is far behind.
///
/// The way to the goal is cut into ranges, each asked of another peer. A range proves itself, so whatever order they come in, and
/// whoever lies, each is right or refused; those that have come wait until the ones below them are here. A peer that does not
/// answer, or has nothing, is left alone for a while that doubles; one that lies, for a minute.
public struct ChainSync: Sendable {
    /// A request for one of the peers.
    public struct Errand: Hashable, Sendable {
        /// What to ask.
        public let request: RangeRequest
        /// Whom to ask.
        public let peer: ReplicaID
    }

    private struct Assignment: Sendable {
        let above: Height
        let through: Height
        let peer: ReplicaID
        let due: Instant
    }

    private struct Peer: Sendable {
        var isBusy = false
        var notBefore = Instant(0)
        var failures: UInt64 = 0
        /// How often it was asked in vain since anybody gave a range.
        var vainCount = 0
        /// Whether it lied, and has not been asked since: it is asked nothing for so long that nobody may wait for its answer.
        var isMistrusted = false
        /// Whether it need not be asked again to know that it has nothing: a block may become final a moment later.
        var isBarren: Bool { isMistrusted || vainCount >= 2 }
    }

    /// The most ranges that are under way or wait for the ones below them: all that may be in memory.
    public static let capacity = 8
    /// How long nothing is asked of a peer that has lied: a minute.
    public static let penaltyMicroseconds: UInt64 = 60_000_000

    private let replica: ReplicaID
    private let replicaCount: Int
    private let listeners: [ReplicaID]
    private let intervalMicroseconds: UInt64
    /// What is known of the replicas, and behind them of the listeners.
    private var peers: [Peer]
    private var assignments: [Assignment] = []
    /// What has come, from the lowest on.
    private var arrived: [Verified<BlockRange>] = []
    /// The peer that was asked last.
    private var last: Int
    private var now = Instant(0)

    /// The height to which there are final blocks, as far as is known.
    public private(set) var goal = Height.genesis
    /// Whether something is to be got this way.
    public private(set) var isActive = false
    /// Requests in vain since the last range came; so many that all may have been asked, before any came.
    private var vain: Int
    /// Whether somebody said that it has not got what is needed next, and no range came since.
    private var isDenied = false

    /// Creates what has nothing to do yet.
    ///
    /// - Parameters:
    ///   - replica: who asks, and so is not asked.
    ///   - replicaCount: how many replicas there are.
    ///   - listeners: who may be asked besides, where every replica has something to do.
    ///   - intervalMicroseconds: how long a peer has to answer.
    public init(
        replica: ReplicaID,
        replicaCount: Int,
        listeners: [ReplicaID] = [],
        intervalMicroseconds: UInt64
    ) {
        self.replica = replica
        self.replicaCount = replicaCount
        self.listeners = listeners
        self.intervalMicroseconds = max(1, intervalMicroseconds)
        peers = Array(repeating: Peer(), count: replicaCount + listeners.count)
        last = replica.index % max(1, replicaCount)
        vain = peers.count
    }

    /// Whether ranges come, so that nothing else need be tried: not every peer was asked in vain since the last one.
    public var isFruitful: Bool { isActive && vain < max(1, otherCount) }

    /// How many may be asked: who asks may be none of the replicas.
    private var otherCount: Int { peers.count - (replica.index < replicaCount ? 1 : 0) }

    /// Whether the next blocks seem to be nowhere: all who can be asked were asked twice in vain since the last range came, and
    /// somebody did answer.
    public func isExhausted(isReachable: (ReplicaID) -> Bool) -> Bool {
        // What has come of higher blocks is of no use while those below it are nowhere.
        guard isActive, isDenied else { return false }
        return peers.indices.allSatisfy { index in
            index == replica.index || peers[index].isBarren || !isReachable(peer(at: index))
        }
    }

    /// The number of ranges that are under way or wait.
    public var count: Int { assignments.count + arrived.count }

    /// The number of blocks that wait for others.
    public var heldBlockCount: Int { arrived.reduce(0) { $0 + $1.content.blocks.count } }

    /// When something is due: an answer, or the end of a peer's rest.
    public var deadline: Instant? {
        guard isActive else { return nil }
        let answers = assignments.map(\.due).min()
        guard count < ChainSync.capacity else { return answers }
        let rests = peers.indices.filter { $0 != replica.index && !peers[$0].isBusy && peers[$0].notBefore > now }
        return (rests.map { peers[$0].notBefore } + [answers].compactMap { $0 }).min()
    }

    /// Whether a range was asked for, and of this peer.
    public func expects(_ range: BlockRange, from peer: ReplicaID) -> Bool {
        assignments.contains { $0.peer == peer && $0.above == range.above }
    }

    /// Sets the goal, or rests.
    ///
    /// - Parameters:
    ///   - goal: the height to which there should be final blocks; nil to ask for nothing.
    ///   - root: the height of the last block that is here.
    public mutating func aim(at goal: Height?, above root: Height) {
        isActive = goal.map { $0 > root } ?? false
        if let goal { self.goal = goal }
        arrived.removeAll { range in range.content.blocks.last.map { $0.height <= root } ?? true }
        guard !isActive else { return }
        for assignment in assignments { update(assignment.peer) { $0.isBusy = false } }
        assignments = []
    }

    /// The requests that are due.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - root: the height of the last block that is here.
    ///   - isReachable: whether a peer is connected.
    /// - Returns: what to ask whom.
    public mutating func errands(
        now: Instant,
        above root: Height,
        isReachable: (ReplicaID) -> Bool
    ) -> [Errand] {
        self.now = now
        for assignment in assignments where assignment.due <= now { fail(assignment) }
        assignments.removeAll { $0.due <= now }
        guard isActive else { return [] }
        var errands: [Errand] = []
        while count < ChainSync.capacity, let gap = gap(above: root), let peer = idlePeer(now, isReachable) {
            update(peer) { ($0.isBusy, $0.isMistrusted) = (true, false) }
            if peer.index < replicaCount { last = peer.index }
            assignments.append(
                Assignment(
                    above: gap.above,
                    through: gap.through,
                    peer: peer,
                    due: now.advanced(byMicroseconds: intervalMicroseconds)
                )
            )
            errands.append(Errand(request: gap, peer: peer))
        }
        return errands
    }

    /// Takes a range that was asked for; one without blocks says that the peer has none.
    public mutating func receive(_ range: Verified<BlockRange>, from peer: ReplicaID, now: Instant) {
        guard let index = assignments.firstIndex(where: { $0.peer == peer && $0.above == range.content.above }) else {
            return
        }
        self.now = now
        let assignment = assignments.remove(at: index)
        guard !range.content.blocks.isEmpty else {
            isDenied = true
            return fail(assignment)
        }
        update(peer) { known in
            known.isBusy = false
            known.failures = 0
        }
        vain = 0
        isDenied = false
        for index in peers.indices { peers[index].vainCount = 0 }
        let place = arrived.firstIndex { $0.content.above > range.content.above } ?? arrived.endIndex
        arrived.insert(range, at: place)
    }

    /// Sets a peer aside that gave what is not true.
    public mutating func mistrust(_ peer: ReplicaID, now: Instant) {
        guard place(of: peer) != nil else { return }
        assignments.removeAll { $0.peer == peer }
        vain += 1
        update(peer) { known in
            known.isBusy = false
            known.isMistrusted = true
            guard !mutant("forgive-liars") else { return }
            known.notBefore = now.advanced(byMicroseconds: Self.penaltyMicroseconds)
        }
    }

    /// The range that goes on from a height, if it has come.
    public mutating func takeNext(above root: Height) -> Verified<BlockRange>? {
        guard let first = arrived.first, first.content.above <= root else { return nil }
        return arrived.removeFirst()
    }

    private mutating func fail(_ assignment: Assignment) {
        let (now, interval) = (now, intervalMicroseconds)
        update(assignment.peer) { known in
            known.isBusy = false
            known.notBefore = now.advanced(byMicroseconds: interval << min(known.failures, 5))
            known.failures += 1
            known.vainCount += 1
        }
        vain += 1
    }

    private func place(of peer: ReplicaID) -> Int? {
        peer.index < replicaCount ? peer.index : listeners.firstIndex(of: peer).map { replicaCount + $0 }
    }

    private func peer(at place: Int) -> ReplicaID {
        place < replicaCount ? ReplicaID(UInt16(place)) : listeners[place - replicaCount]
    }

    private mutating func update(_ peer: ReplicaID, _ change: (inout Peer) -> Void) {
        if let place = place(of: peer) { change(&peers[place]) }
    }

    /// The lowest range that has neither come nor been asked for.
    private func gap(above root: Height) -> RangeRequest? {
        let taken =
            assignments.map { ($0.above, $0.through) }
            + arrived.map { ($0.content.above, $0.content.blocks.last?.height ?? $0.content.above) }
        var above = root
        for (start, end) in taken.sorted(by: { $0.0 < $1.0 }) {
            if start > above { return request(above: above, through: start) }
            above = max(above, end)
        }
        return above < goal ? request(above: above, through: goal) : nil
    }

    private func request(above: Height, through: Height) -> RangeRequest {
        let most = above.rawValue.addingReportingOverflow(UInt64(RangeRequest.maximumBlockCount))
        return RangeRequest(above: above, through: most.overflow ? through : min(through, Height(most.partialValue)))
    }

    private func idlePeer(_ now: Instant, _ isReachable: (ReplicaID) -> Bool) -> ReplicaID? {
        for step in 0..<peers.count {
            let index = step < replicaCount ? (last + 1 + step) % replicaCount : step
            guard index != replica.index, !peers[index].isBusy, peers[index].notBefore <= now else { continue }
            if isReachable(peer(at: index)) { return peer(at: index) }
        }
        return nil
    }
}
