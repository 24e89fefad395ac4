/// Final blocks that can no longer be read from the archive, and whom to ask for them again.
///
/// One is asked for at a time, of one peer after the other; the answer proves itself, as every range does. A block that nobody has is
/// given up: it is asked for again when somebody wants to read it again. The highest comes first, for it names the one below it.
public struct BlockRepair: Sendable {
    private struct Assignment: Sendable {
        let height: Height
        let peer: ReplicaID
        let due: Instant
    }

    /// The most blocks that are remembered; more are found again when they are read again.
    public static let capacity = 64

    private let intervalMicroseconds: UInt64
    /// The damaged heights, ascending.
    private var heights: [Height] = []
    private var assignment: Assignment?
    /// The height that was asked for last.
    private var target: Height?
    /// The peers that have not been asked for it.
    private var candidates: [ReplicaID] = []
    private let peers: [ReplicaID]

    /// Creates what has nothing to repair yet.
    ///
    /// - Parameters:
    ///   - replica: who asks, and so is not asked.
    ///   - replicaCount: how many replicas there are.
    ///   - intervalMicroseconds: how long a peer has to answer.
    public init(replica: ReplicaID, replicaCount: Int, intervalMicroseconds: UInt64) {
        self.intervalMicroseconds = max(1, intervalMicroseconds)
        // Whoever comes next is asked first, so that not all ask the same one.
        peers = (0..<replicaCount).map { ReplicaID(UInt16((replica.index + 1 + $0) % replicaCount)) }
            .filter { $0 != replica }
    }

    /// The number of blocks that are to be repaired.
    public var count: Int { heights.count }

    /// When the answer that is awaited is late.
    public var deadline: Instant? { assignment?.due }

    /// Takes note of a block that cannot be read; O(number of those).
    public mutating func found(damaged height: Height) {
        guard height > .genesis, !heights.contains(height), heights.count < Self.capacity else { return }
        let place = heights.firstIndex { $0 > height } ?? heights.endIndex
        heights.insert(height, at: place)
    }

    /// Whether a range was asked for, and of this peer.
    public func expects(_ range: BlockRange, from peer: ReplicaID) -> Bool {
        assignment.map { $0.peer == peer && $0.height == range.above.next } ?? false
    }

    /// The request that is due.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - isReachable: whether a peer is connected.
    /// - Returns: what to ask whom.
    public mutating func errand(now: Instant, isReachable: (ReplicaID) -> Bool) -> ChainSync.Errand? {
        if let assignment, assignment.due <= now { self.assignment = nil }
        while assignment == nil, let height = heights.last {
            if target != height { (target, candidates) = (height, peers) }
            guard let index = candidates.firstIndex(where: isReachable) else {
                heights.removeLast()
                target = nil
                continue
            }
            let peer = candidates.remove(at: index)
            assignment = Assignment(
                height: height,
                peer: peer,
                due: now.advanced(byMicroseconds: intervalMicroseconds)
            )
            let above = Height(height.rawValue - 1)
            return ChainSync.Errand(request: RangeRequest(above: above, through: height), peer: peer)
        }
        return nil
    }

    /// Takes the range that was asked for; the next peer is asked if it is empty.
    ///
    /// - Returns: the block to put in the place of the damaged one, with the range's certificate if that commits this very block.
    public mutating func receive(
        _ range: Verified<BlockRange>,
        from peer: ReplicaID
    ) -> (block: Block, certificate: QuorumCertificate?)? {
        guard expects(range.content, from: peer), let height = assignment?.height else { return nil }
        assignment = nil
        guard let block = range.content.blocks.first, block.height == height else { return nil }
        heights.removeAll { $0 == height }
        if target == height { target = nil }
        let certificate = range.content.certificate.flatMap { $0.statement.commits == block.id ? $0 : nil }
        return (block, certificate)
    }

    /// Asks another peer than the one whose answer was not true.
    public mutating func mistrust(_ peer: ReplicaID) {
        if assignment?.peer == peer { assignment = nil }
    }
}
