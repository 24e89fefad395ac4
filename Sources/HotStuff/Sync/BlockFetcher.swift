/// Asks for blocks that are known by a certificate but not here, one peer after the other.
///
/// Only blocks that a quorum has certified are sought, and only a few at a time, so that a certificate for a block that nobody
/// has costs one small request per interval. The interval grows while nothing comes.
public struct BlockFetcher: Sendable {
    /// A request for one of the peers.
    public struct Errand: Hashable, Sendable {
        /// What to ask.
        public let request: BlockRequest
        /// Whom to ask.
        public let peer: ReplicaID
    }

    /// A block that is sought: its name, and its height as its certificate says.
    public struct Target: Hashable, Sendable {
        /// The name.
        public let block: Digest
        /// The height.
        public let height: Height

        /// Creates a target.
        public init(_ block: Digest, at height: Height) {
            self.block = block
            self.height = height
        }
    }

    private struct Pursuit: Sendable {
        let target: Target
        var peer: ReplicaID
        var attempts: Int
        var due: Instant
        var asked: ReplicaID?
        /// The height up to which the way to the target is known.
        var above: Height
    }

    /// The most blocks that are sought at a time.
    public static let capacity = 4

    private let replica: ReplicaID
    private let replicaCount: Int
    private let intervalMicroseconds: UInt64
    private var pursuits: [Pursuit] = []
    /// The last request that nothing has come of yet, and what was known then: the next block that is heard of is not asked for at once.
    private var lastInVain: (moment: Instant, above: Height)?
    /// The last targets that were given up before they came, and who was to be asked next: who has nothing is not asked first each time.
    private var givenUp: [(target: Target, next: ReplicaID)] = []

    /// Creates a fetcher with nothing to do.
    ///
    /// - Parameters:
    ///   - replica: who asks, and so is not asked.
    ///   - replicaCount: how many replicas there are.
    ///   - intervalMicroseconds: how long a peer has to answer before the next is asked.
    public init(replica: ReplicaID, replicaCount: Int, intervalMicroseconds: UInt64) {
        self.replica = replica
        self.replicaCount = replicaCount
        self.intervalMicroseconds = max(1, intervalMicroseconds)
    }

    /// When the next request is due.
    public var deadline: Instant? { pursuits.map(\.due).min() }

    /// The number of blocks that are being sought.
    public var count: Int { pursuits.count }

    /// Whether each of the others has been asked for a block in vain.
    public var hasAskedEverybody: Bool { pursuits.contains { $0.attempts >= max(1, otherCount) } }

    /// How many may be asked: who asks may be none of the replicas.
    private var otherCount: Int { replica.index < replicaCount ? replicaCount - 1 : replicaCount }

    /// Whether a block is being sought.
    public func seeks(_ target: Digest) -> Bool { pursuits.contains { $0.target.block == target } }

    /// Seeks exactly these blocks from now on; those sought before keep their turn.
    ///
    /// A block that has just been heard of is often on its way, so the first request waits a moment. While nothing comes of requests and
    /// no more becomes known, new targets wait for their turn: a chain that runs away from a replica names one after the other.
    ///
    /// - Parameters:
    ///   - targets: the blocks, each named by a certificate.
    ///   - height: the height up to which everything is known.
    ///   - peer: who is likely to have the new ones.
    ///   - now: the time.
    public mutating func seek(_ targets: [Target], above height: Height, from peer: ReplicaID, now: Instant) {
        giveUp { !targets.contains($0.target) }
        if let last = lastInVain, last.above < height { lastInVain = nil }
        for target in targets where !seeks(target.block) && pursuits.count < BlockFetcher.capacity {
            let next = givenUp.last { $0.target == target }?.next ?? peer
            let first = next == replica ? successor(of: next) : next
            let soon = now.advanced(byMicroseconds: intervalMicroseconds / 10)
            let due = lastInVain.map { max(soon, $0.moment.advanced(byMicroseconds: intervalMicroseconds)) } ?? soon
            pursuits.append(
                Pursuit(target: target, peer: first, attempts: 0, due: due, asked: nil, above: .genesis)
            )
        }
    }

    /// Drops pursuits, and remembers where those went on that had asked.
    private mutating func giveUp(_ isGivenUp: (Pursuit) -> Bool) {
        for pursuit in pursuits where isGivenUp(pursuit) {
            givenUp.removeAll { $0.target == pursuit.target }
            if pursuit.attempts > 0 { givenUp.append((pursuit.target, pursuit.peer)) }
        }
        givenUp.removeFirst(max(0, givenUp.count - BlockFetcher.capacity))
        pursuits.removeAll(where: isGivenUp)
    }

    /// The requests that are due.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - height: the height up to which everything is known.
    /// - Returns: what to ask whom.
    public mutating func errands(now: Instant, above height: Height) -> [Errand] {
        guard otherCount > 0 else { return [] }
        var errands: [Errand] = []
        for index in pursuits.indices where pursuits[index].due <= now {
            let peer = pursuits[index].peer
            let above = max(pursuits[index].above, height)
            let target = pursuits[index].target
            let request = BlockRequest(target: target.block, at: target.height, above: above)
            errands.append(Errand(request: request, peer: peer))
            lastInVain = (now, height)
            let doublings = min(pursuits[index].attempts / max(1, otherCount), 5)
            pursuits[index].above = above
            pursuits[index].attempts += 1
            pursuits[index].asked = peer
            if !mutant("ask-one-peer") { pursuits[index].peer = successor(of: peer) }
            pursuits[index].due = now.advanced(byMicroseconds: intervalMicroseconds << UInt64(doublings))
        }
        return errands
    }

    /// Whether this peer was the last to be asked for a block.
    public func expects(_ target: Digest, from peer: ReplicaID) -> Bool {
        pursuits.contains { $0.target.block == target && $0.asked == peer }
    }

    /// Takes note of an answer: the same peer is asked at once for the rest, above what it has given; if it has given nothing
    /// above what was asked, the answer was useless.
    public mutating func advance(_ target: Digest, with peer: ReplicaID, above height: Height, now: Instant) {
        guard let index = pursuits.firstIndex(where: { $0.target.block == target }) else { return }
        guard height > pursuits[index].above else { return fail(target, with: peer, now: now) }
        lastInVain = nil
        pursuits[index].attempts = 0
        pursuits[index].peer = peer
        pursuits[index].due = now
        pursuits[index].asked = nil
        pursuits[index].above = height
    }

    /// Takes note of a useless answer: the next peer is asked at once, unless all have been asked in this round.
    public mutating func fail(_ target: Digest, with peer: ReplicaID, now: Instant) {
        guard let index = pursuits.firstIndex(where: { $0.target.block == target && $0.asked == peer }) else { return }
        pursuits[index].asked = nil
        pursuits[index].above = .genesis
        if !pursuits[index].attempts.isMultiple(of: max(1, otherCount)) { pursuits[index].due = now }
    }

    private func successor(of peer: ReplicaID) -> ReplicaID {
        let next = (peer.index + 1) % replicaCount
        return ReplicaID(UInt16(next == replica.index ? (next + 1) % replicaCount : next))
    }
}
