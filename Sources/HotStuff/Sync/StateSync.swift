/// Takes a snapshot of the state from several peers at a time, for a replica whose missing blocks nobody has any more, or that
/// misses too many of them.
///
/// Everybody is asked for an offer. The newest that is proved, and that several have if there is such a one, is chosen; its outline
/// says what its chunks are, and its chunks come in any order from all who offer it. Every chunk is judged by its digest, so liars can
/// only be refused. When the last one is kept the replica starts again from the snapshot, and gets the blocks behind it by
/// `ChainSync`.
///
/// It never holds a chunk: those that are right are passed on at once.
public struct StateSync: Sendable {
    /// A request for one of the peers.
    public struct Errand: Hashable, Sendable {
        /// What to ask.
        public let request: SnapshotRequest
        /// Whom to ask.
        public let peer: ReplicaID
    }

    /// What follows from something that came.
    public enum Outcome: Hashable, Sendable {
        /// Begin to take this snapshot.
        case begin(SnapshotPlan)
        /// Keep this chunk.
        case keep(SnapshotChunk)
        /// All chunks are kept: go on from this snapshot.
        case adopt(SnapshotName)

        /// The wish that has it carried out.
        var effect: Effect {
            switch self {
            case .begin(let plan): .beginSnapshot(plan)
            case .keep(let chunk): .keepChunk(chunk)
            case .adopt(let name): .adoptSnapshot(name)
            }
        }
    }

    /// Why offers are asked for.
    public enum Need: Hashable, Sendable {
        /// Nobody gives the next blocks: any snapshot above them is of use.
        case blocksAreGone
        /// So many blocks are missing that a snapshot is cheaper, if it saves half of the way to this height.
        case farFrom(Height)
    }

    private enum Phase: Sendable {
        /// Nothing is needed.
        case resting
        /// Offers were asked for, or will be when the pause is over.
        case collecting
        /// An outline of the chosen snapshot is asked for.
        case preparing
        /// The disk is asked what is there of it.
        case beginning
        /// Its chunks are asked for.
        case loading
        /// All chunks are here.
        case finishing
    }

    /// The most chunks that are asked for, or on their way to the disk.
    public static let capacity = 8
    /// How long a snapshot is not tried again that could not be taken: a minute.
    public static let pauseMicroseconds: UInt64 = 60_000_000
    /// A chunk of 1 MiB takes longer than a range of small blocks.
    private static let chunkIntervals: UInt64 = 4

    private let intervalMicroseconds: UInt64
    private var phase = Phase.resting
    private var peers: SnapshotPeers
    /// What was offered in this round, each once.
    private var offers: [Verified<SnapshotOffer>] = []
    /// When the offers that have come are looked at, or, if none was asked for, when they are.
    private var roundEnds: Instant?
    private var hasAsked = false
    private var rounds: UInt64 = 0
    /// The snapshot that was chosen.
    private var chosen: Verified<SnapshotOffer>?
    /// The digests of its chunks.
    private var digests: [Digest] = []
    /// The chunks that nobody was asked for yet, the last one first.
    private var missing: [UInt32] = []
    /// How many chunks are on their way to the disk.
    private var writing = 0
    private var keptCount = 0
    private var now = Instant(0)

    /// Creates what has nothing to do yet.
    ///
    /// - Parameters:
    ///   - replica: who asks, and so is not asked.
    ///   - replicaCount: how many replicas there are.
    ///   - intervalMicroseconds: how long a peer has to answer.
    public init(replica: ReplicaID, replicaCount: Int, intervalMicroseconds: UInt64) {
        self.intervalMicroseconds = max(1, intervalMicroseconds)
        peers = SnapshotPeers(
            replica: replica,
            replicaCount: replicaCount,
            intervalMicroseconds: intervalMicroseconds
        )
    }

    /// Whether a snapshot has been chosen and is being taken, so that blocks below it need not be got.
    public var isLoading: Bool {
        switch phase {
        case .resting, .collecting: false
        case .preparing, .beginning, .loading, .finishing: true
        }
    }

    /// How far it has come; nil while no chunk is asked for.
    public var progress: SnapshotProgress? {
        guard phase == .loading || phase == .finishing, let chosen else { return nil }
        return SnapshotProgress(
            height: chosen.content.manifest.height,
            chunkCount: keptCount,
            totalCount: digests.count
        )
    }

    /// Whether nothing is needed and nothing is under way.
    public var isResting: Bool { phase == .resting }

    /// The number of offers that are held.
    public var offerCount: Int { offers.count }

    /// The number of chunks that are asked for or on their way to the disk.
    public var chunkCount: Int { phase == .loading ? peers.questions.count + writing : 0 }

    /// The number of digests that are held.
    public var digestCount: Int { digests.count }

    /// When something is due.
    public var deadline: Instant? {
        switch phase {
        case .resting, .beginning, .finishing: nil
        case .collecting: [roundEnds, peers.deadline(after: now, waitsForRest: false)].compactMap { $0 }.min()
        case .preparing: peers.deadline(after: now, waitsForRest: true)
        case .loading: peers.deadline(after: now, waitsForRest: !missing.isEmpty)
        }
    }

    /// Whether an answer was asked for, and of this peer: others are ignored, so they need not be verified.
    public func expects(_ answer: SnapshotAnswer, from peer: ReplicaID) -> Bool { peers.expects(answer, from: peer) }

    /// Sets what is needed, if anything is; what is being taken already goes on until blocks reach its height.
    ///
    /// - Parameters:
    ///   - need: why a snapshot is wanted.
    ///   - root: the height of the last block that is here.
    ///   - now: the time.
    public mutating func aim(at need: Need?, above root: Height, now: Instant) {
        self.now = now
        if let chosen, phase != .finishing, chosen.content.manifest.height <= root { rest() }
        switch phase {
        case .resting:
            guard need != nil else { return }
            phase = .collecting
            hasAsked = false
            roundEnds = nil
            rounds = 0
        case .collecting:
            if need == nil { rest() }
        case .preparing, .beginning, .loading, .finishing: break
        }
    }

    /// The requests that are due.
    ///
    /// - Parameters:
    ///   - need: why a snapshot is wanted.
    ///   - now: the time.
    ///   - root: the height of the last block that is here.
    ///   - isReachable: whether a peer is connected.
    /// - Returns: what to ask whom.
    public mutating func errands(
        for need: Need?,
        now: Instant,
        above root: Height,
        isReachable: (ReplicaID) -> Bool
    ) -> [Errand] {
        self.now = now
        for question in peers.overdue(now: now) {
            if case .chunk(_, let index) = question.request { missing.append(index) }
        }
        switch phase {
        case .resting, .beginning, .finishing: return []
        case .collecting:
            if hasAsked,
                isDecided(for: need, above: root) || peers.questions.isEmpty || roundEnds.map({ $0 <= now }) ?? true
            {
                choose(for: need, above: root)
            }
            guard phase == .collecting else { return prepare(now, isReachable) }
            return collect(now, above: root, isReachable)
        case .preparing: return prepare(now, isReachable)
        case .loading: return load(now, isReachable)
        }
    }

    /// Takes an answer that was asked for, and says what follows from it.
    public mutating func receive(
        _ answer: Verified<SnapshotAnswer>,
        from peer: ReplicaID,
        now: Instant
    ) -> Outcome? {
        guard let question = peers.close(answer.content, from: peer) else { return nil }
        self.now = now
        switch answer.content {
        case .nothing:
            if case .chunk(_, let index) = question.request { missing.append(index) }
            if case .offer = question.request { return nil }
            // It had it when it offered it.
            peers.withdraw(peer, now: now)
            return nil
        case .offer(let offer):
            guard phase == .collecting, let verified = answer.offer else { return nil }
            peers.offers(offer.manifest, by: peer)
            if !offers.contains(where: { $0.content.manifest == offer.manifest }) { offers.append(verified) }
            return nil
        case .outline:
            guard phase == .preparing, let chosen, let outline = answer.outline else { return nil }
            guard let plan = SnapshotPlan(chosen, outline) else {
                // Either its manifest is not true or its outline is not.
                mistrust(peer, now: now)
                return nil
            }
            peers.succeed(peer)
            digests = plan.digests
            phase = .beginning
            return .begin(plan)
        case .chunk(let chunk):
            guard phase == .loading, digests.indices.contains(Int(chunk.index)) else { return nil }
            guard SnapshotChunks.digest(of: chunk.bytes) == digests[Int(chunk.index)] || mutant("believe-any-chunk")
            else {
                missing.append(chunk.index)
                mistrust(peer, now: now)
                return nil
            }
            peers.succeed(peer)
            writing += 1
            return .keep(chunk)
        }
    }

    /// Sets a peer aside that gave what is not true.
    public mutating func mistrust(_ peer: ReplicaID, now: Instant) {
        for question in peers.mistrust(peer, now: now) {
            if case .chunk(_, let index) = question.request { missing.append(index) }
        }
    }

    /// The disk is ready for chunks.
    ///
    /// - Parameters:
    ///   - name: the snapshot.
    ///   - missing: the chunks that are not there yet.
    /// - Returns: what follows, if none is missing.
    public mutating func begun(_ name: SnapshotName, missing: [UInt32]) -> Outcome? {
        guard phase == .beginning, chosen?.content.manifest.name == name else { return nil }
        self.missing = missing.reversed()
        writing = 0
        keptCount = digests.count - missing.count
        phase = .loading
        return adoptIfComplete()
    }

    /// The disk has a chunk.
    public mutating func kept(_ name: SnapshotName, _ index: UInt32) -> Outcome? {
        guard phase == .loading, chosen?.content.manifest.name == name, writing > 0 else { return nil }
        writing -= 1
        keptCount += 1
        return adoptIfComplete()
    }

    /// The snapshot cannot be taken: nothing is tried for a while.
    public mutating func failed(_ name: SnapshotName, now: Instant) {
        guard chosen?.content.manifest.name == name else { return }
        beginRound(at: now.advanced(byMicroseconds: Self.pauseMicroseconds))
    }

    private mutating func adoptIfComplete() -> Outcome? {
        guard keptCount == digests.count, let chosen else { return nil }
        phase = .finishing
        return .adopt(chosen.content.manifest.name)
    }

    private mutating func rest() {
        forget()
        phase = .resting
    }

    /// Forgets what was offered and chosen.
    private mutating func forget() {
        peers.dropQuestions()
        peers.dropOffers()
        offers = []
        chosen = nil
        digests = []
        missing = []
        writing = 0
        keptCount = 0
    }

    /// Asks for offers, but not before some moment.
    private mutating func beginRound(at moment: Instant) {
        forget()
        phase = .collecting
        hasAsked = false
        roundEnds = moment
    }

    private mutating func collect(_ now: Instant, above root: Height, _ isReachable: (ReplicaID) -> Bool) -> [Errand] {
        guard !hasAsked, roundEnds.map({ $0 <= now }) ?? true else { return [] }
        let ready = peers.ready(now: now, isReachable: isReachable)
        // While nobody is there, nobody has nothing to offer.
        hasAsked = !ready.isEmpty
        roundEnds = now.advanced(byMicroseconds: intervalMicroseconds)
        return ready.map { ask(.offer(above: root), of: $0, intervals: 1) }
    }

    /// Whether an offer is as good as can be hoped for: a third of all replicas make it, so that, by number, one of them is honest.
    ///
    /// Who waited longer would choose what is gone soon, where snapshots follow one another fast.
    private func isDecided(for need: Need?, above root: Height) -> Bool {
        offers.contains { offer in
            isUseful(offer.content.manifest.height, for: need, above: root)
                && peers.servers(of: offer.content.manifest).count * 3 >= peers.replicaCount
        }
    }

    /// Chooses the newest of the offers that several peers make, or else the newest; if there is none, there is a pause.
    private mutating func choose(for need: Need?, above root: Height) {
        peers.dropQuestions()
        let useful = offers.filter { isUseful($0.content.manifest.height, for: need, above: root) }
        let best = useful.max { rank($0) < rank($1) }
        guard let best else {
            rounds += 1
            return beginRound(at: now.advanced(byMicroseconds: intervalMicroseconds << min(rounds, 6)))
        }
        rounds = 0
        chosen = best
        offers = []
        roundEnds = nil
        phase = .preparing
    }

    private func rank(_ offer: Verified<SnapshotOffer>) -> (Int, Height, Int) {
        let count = peers.servers(of: offer.content.manifest).count
        return (count > 1 ? 1 : 0, offer.content.manifest.height, count)
    }

    private func isUseful(_ height: Height, for need: Need?, above root: Height) -> Bool {
        guard height > root else { return false }
        switch need {
        case nil: return false
        case .blocksAreGone: return true
        case .farFrom(let goal):
            return height >= goal || goal.rawValue - height.rawValue <= height.rawValue - root.rawValue
        }
    }

    private mutating func prepare(_ now: Instant, _ isReachable: (ReplicaID) -> Bool) -> [Errand] {
        guard let manifest = chosen?.content.manifest, hasServers(of: manifest, isReachable) else { return [] }
        guard peers.questions.isEmpty, let peer = peers.server(of: manifest, now: now, isReachable: isReachable) else {
            return []
        }
        return [ask(.outline(manifest.name), of: peer, intervals: Self.chunkIntervals)]
    }

    private mutating func load(_ now: Instant, _ isReachable: (ReplicaID) -> Bool) -> [Errand] {
        guard let manifest = chosen?.content.manifest, hasServers(of: manifest, isReachable) else { return [] }
        var errands: [Errand] = []
        while peers.questions.count + writing < Self.capacity, let index = missing.last,
            let peer = peers.server(of: manifest, now: now, isReachable: isReachable)
        {
            missing.removeLast()
            errands.append(ask(.chunk(manifest.name, index), of: peer, intervals: Self.chunkIntervals))
        }
        return errands
    }

    /// Whether anybody who is there still has the chosen snapshot; if not, there is another round, for others may have one.
    private mutating func hasServers(of manifest: SnapshotManifest, _ isReachable: (ReplicaID) -> Bool) -> Bool {
        if peers.servers(of: manifest).contains(where: isReachable) { return true }
        beginRound(at: now.advanced(byMicroseconds: intervalMicroseconds))
        return false
    }

    private mutating func ask(_ request: SnapshotRequest, of peer: ReplicaID, intervals: UInt64) -> Errand {
        peers.ask(request, of: peer, intervals: intervals, now: now)
        return Errand(request: request, peer: peer)
    }
}
