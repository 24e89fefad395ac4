/// The peers of a replica that takes a snapshot: what each offers, what it was asked, and since when it keeps silent.
struct SnapshotPeers: Sendable {
    /// A question that is open.
    struct Question: Sendable {
        let request: SnapshotRequest
        let peer: ReplicaID
        let due: Instant
    }

    private struct Peer: Sendable {
        var notBefore = Instant(0)
        /// How often it failed, less how often it did not: so long it is left alone.
        var failures: UInt64 = 0
        /// How often it failed since this snapshot was chosen.
        var strikes = 0
        /// What it offers.
        var offer: SnapshotManifest?
        var openCount = 0
    }

    /// So many chunks are asked of one peer at once, unless it failed.
    private static let questionsOfOne = 4
    /// A peer that failed so often no longer counts as one that has what it offered.
    private static let patience = 4

    private let replica: ReplicaID
    private let intervalMicroseconds: UInt64
    private var peers: [Peer]
    /// The questions that are open.
    private(set) var questions: [Question] = []
    private var last: Int

    init(replica: ReplicaID, replicaCount: Int, intervalMicroseconds: UInt64) {
        self.replica = replica
        self.intervalMicroseconds = max(1, intervalMicroseconds)
        peers = Array(repeating: Peer(), count: replicaCount)
        last = replica.index
    }

    /// How many replicas there are.
    var replicaCount: Int { peers.count }

    private var others: [ReplicaID] {
        peers.indices.filter { $0 != replica.index }.map { ReplicaID(UInt16($0)) }
    }

    /// When a question is overdue, or, if somebody waits for a peer, the rest of one ends.
    func deadline(after now: Instant, waitsForRest: Bool) -> Instant? {
        let rests = waitsForRest ? peers.map(\.notBefore).filter { $0 > now } : []
        return (questions.map(\.due) + rests).min()
    }

    /// Whether an answer fits a question that was asked of this peer.
    func expects(_ answer: SnapshotAnswer, from peer: ReplicaID) -> Bool {
        questions.contains { $0.peer == peer && answer.answers($0.request) }
    }

    /// The peers that may be asked now.
    func ready(now: Instant, isReachable: (ReplicaID) -> Bool) -> [ReplicaID] {
        others.filter { peers[$0.index].notBefore <= now && isReachable($0) }
    }

    /// Those who offer a snapshot and have not failed too often.
    func servers(of manifest: SnapshotManifest) -> [ReplicaID] {
        others.filter { peers[$0.index].offer == manifest && peers[$0.index].strikes < Self.patience }
    }

    /// The next of those who offer a snapshot that can be asked one more question.
    func server(of manifest: SnapshotManifest, now: Instant, isReachable: (ReplicaID) -> Bool) -> ReplicaID? {
        for step in 1...max(1, peers.count) {
            let index = (last + step) % peers.count
            let peer = peers[index]
            let most = peer.failures == 0 ? Self.questionsOfOne : 1
            guard index != replica.index, peer.offer == manifest, peer.strikes < Self.patience, peer.notBefore <= now,
                peer.openCount < most, isReachable(ReplicaID(UInt16(index)))
            else { continue }
            return ReplicaID(UInt16(index))
        }
        return nil
    }

    /// Takes note of a question; who failed before is given more time.
    mutating func ask(_ request: SnapshotRequest, of peer: ReplicaID, intervals: UInt64, now: Instant) {
        let time = intervalMicroseconds * intervals << min(peers[peer.index].failures, 5)
        questions.append(Question(request: request, peer: peer, due: now.advanced(byMicroseconds: time)))
        peers[peer.index].openCount += 1
        last = peer.index
    }

    /// Takes an answer; nil if it was not asked for.
    mutating func close(_ answer: SnapshotAnswer, from peer: ReplicaID) -> Question? {
        guard let index = questions.firstIndex(where: { $0.peer == peer && answer.answers($0.request) }) else {
            return nil
        }
        peers[peer.index].openCount -= 1
        return questions.remove(at: index)
    }

    /// Takes the questions that were not answered in time, and leaves those alone whom they were asked of.
    mutating func overdue(now: Instant) -> [Question] {
        let overdue = questions.filter { $0.due <= now }
        guard !overdue.isEmpty else { return [] }
        questions.removeAll { $0.due <= now }
        for question in overdue { peers[question.peer.index].openCount -= 1 }
        for peer in others {
            guard let question = overdue.first(where: { $0.peer == peer }) else { continue }
            // Who has a snapshot has its outline at hand.
            if case .outline = question.request { peers[peer.index].strikes += 1 }
            fail(peer, now: now)
        }
        return overdue
    }

    /// Forgets all questions.
    mutating func dropQuestions() {
        questions = []
        for index in peers.indices { peers[index].openCount = 0 }
    }

    /// Takes note of what a peer offers.
    mutating func offers(_ manifest: SnapshotManifest, by peer: ReplicaID) { peers[peer.index].offer = manifest }

    /// Forgets all offers; who failed is still left alone.
    mutating func dropOffers() {
        for index in peers.indices {
            peers[index].offer = nil
            peers[index].strikes = 0
        }
    }

    /// A peer gave what it should.
    mutating func succeed(_ peer: ReplicaID) {
        if peers[peer.index].failures > 0 { peers[peer.index].failures -= 1 }
        if peers[peer.index].strikes > 0 { peers[peer.index].strikes -= 1 }
    }

    /// A peer has not what it offered.
    mutating func withdraw(_ peer: ReplicaID, now: Instant) {
        peers[peer.index].offer = nil
        // Longer than until the next round, or the same would be chosen again and again.
        peers[peer.index].failures += 1
        fail(peer, now: now)
    }

    /// A peer kept silent: it is left alone for a while that doubles.
    mutating func fail(_ peer: ReplicaID, now: Instant) {
        let index = peer.index
        peers[index].notBefore = now.advanced(byMicroseconds: intervalMicroseconds << min(peers[index].failures, 5))
        peers[index].failures += 1
        peers[index].strikes += 1
    }

    /// Sets a peer aside that gave what is not true; the questions that were open to it are given back.
    mutating func mistrust(_ peer: ReplicaID, now: Instant) -> [Question] {
        guard peer.index < peers.count else { return [] }
        let open = questions.filter { $0.peer == peer }
        questions.removeAll { $0.peer == peer }
        peers[peer.index].openCount = 0
        peers[peer.index].offer = nil
        guard !mutant("forgive-liars") else { return open }
        peers[peer.index].notBefore = now.advanced(byMicroseconds: ChainSync.penaltyMicroseconds)
        return open
    }
}
