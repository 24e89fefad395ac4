/// What a replica asks of the others before it can start: blocks without which its state cannot be brought up to date, or, where
/// nobody has them any more, a snapshot.
///
/// It takes facts and wishes for what follows, like the core, but has nothing to sign, votes for nothing, and knows no view. It gives
/// what it has to those who are in the same need: else all would wait for each other. When all is repaired, or a snapshot adopted, the
/// replica starts anew, and its journal says what it may sign, as after any crash.
public struct Mending: Sendable {
    /// The blocks that are damaged, ascending.
    private var missing: [Height]
    private var blockRepair: BlockRepair
    private var stateSync: StateSync
    private var isConnected: [Bool]
    private let intervalMicroseconds: UInt64
    private var now = Instant(0)
    /// When everybody is asked once more.
    private var pauseEnds: Instant?
    /// How often all who can be asked were asked in vain since something came.
    private var rounds: UInt64 = 0
    /// Whether somebody said meanwhile that it has nothing.
    private var isDenied = false
    private var wakeTime: Instant?

    /// After so many rounds in vain a snapshot is sought as well.
    private static let patience: UInt64 = 2

    /// Creates it for the blocks that are damaged.
    ///
    /// - Parameters:
    ///   - replica: who asks, and so is not asked.
    ///   - replicaCount: how many replicas there are.
    ///   - intervalMicroseconds: how long a peer has to answer.
    ///   - damaged: the heights of the blocks.
    public init(replica: ReplicaID, replicaCount: Int, intervalMicroseconds: UInt64, damaged: [Height]) {
        missing = damaged.sorted()
        self.intervalMicroseconds = max(1, intervalMicroseconds)
        isConnected = Array(repeating: false, count: replicaCount)
        blockRepair = BlockRepair(
            replica: replica,
            replicaCount: replicaCount,
            intervalMicroseconds: intervalMicroseconds
        )
        stateSync = StateSync(
            replica: replica,
            replicaCount: replicaCount,
            intervalMicroseconds: intervalMicroseconds
        )
    }

    /// How far a snapshot is that is being taken; none if there is none.
    public var snapshotProgress: SnapshotProgress? { stateSync.progress }

    /// Whether a message may lead to anything: others need not be verified.
    public func heeds(_ message: Message, from sender: ReplicaID) -> Bool {
        switch message {
        case .rangeRequest, .snapshotRequest: true
        case .blockRange(let range): blockRepair.expects(range, from: sender)
        case .snapshotAnswer(let answer): stateSync.expects(answer, from: sender)
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .commands, .blockRequest, .blockResponse, .echo,
            .plea:
            false
        }
    }

    /// Takes note of a fact and wishes for what follows from it.
    ///
    /// A block that was to be repaired counts as whole until the shell says that it is still `damaged`.
    public mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .clock(let now, _): self.now = max(self.now, now)
        case .connected(let peer): connect(peer, true)
        case .disconnected(let peer): connect(peer, false)
        case .received(let message, let sender): receive(message, from: sender, into: &effects)
        case .refused(let peer):
            blockRepair.mistrust(peer)
            stateSync.mistrust(peer, now: now)
        case .damaged(let height): failed(height)
        case .snapshotBegun(let name, let missing): carryOut(stateSync.begun(name, missing: missing), into: &effects)
        case .chunkKept(let name, let index): carryOut(stateSync.kept(name, index), into: &effects)
        case .snapshotFailed(let name): stateSync.failed(name, now: now)
        case .submitted, .forgotten, .durable, .segmentIsFull, .signed, .mined, .executed: break
        }
        seekBlocks(into: &effects)
        seekSnapshot(into: &effects)
        let next = [pauseEnds, blockRepair.deadline, stateSync.deadline].compactMap { $0 }.min()
        if next != wakeTime {
            wakeTime = next
            effects.append(.wake(at: next))
        }
    }

    private mutating func connect(_ peer: ReplicaID, _ connected: Bool) {
        guard isConnected.indices.contains(peer.index) else { return }
        isConnected[peer.index] = connected
        // Who has just come may have what nobody had.
        if connected { pauseEnds = nil }
    }

    private func isReachable(_ peer: ReplicaID) -> Bool {
        isConnected.indices.contains(peer.index) && isConnected[peer.index]
    }

    private mutating func receive(
        _ message: VerifiedMessage,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        switch message {
        case .rangeRequest(let request): effects.append(.serveRange(request, to: sender))
        case .snapshotRequest(let request): effects.append(.serveSnapshot(request, to: sender))
        case .blockRange(let range):
            guard blockRepair.expects(range.content, from: sender) else { return }
            if range.content.blocks.isEmpty { isDenied = true }
            guard let (block, certificate) = blockRepair.receive(range, from: sender) else { return }
            missing.removeAll { $0 == block.height }
            (rounds, isDenied) = (0, false)
            effects.append(.repair(block, by: certificate))
        case .snapshotAnswer(let answer):
            carryOut(stateSync.receive(answer, from: sender, now: now), into: &effects)
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .commands, .blockRequest, .blockResponse, .echo,
            .plea:
            break
        }
    }

    /// What came did not repair a block: it is asked for again, after a while.
    private mutating func failed(_ height: Height) {
        if !missing.contains(height) { missing = (missing + [height]).sorted() }
        isDenied = true
        endRound()
    }

    private mutating func endRound() {
        rounds += 1
        pauseEnds = now.advanced(byMicroseconds: intervalMicroseconds << min(rounds, 6))
    }

    private mutating func seekBlocks(into effects: inout [Effect]) {
        guard !missing.isEmpty else {
            pauseEnds = nil
            return
        }
        if let pauseEnds, pauseEnds > now { return }
        pauseEnds = nil
        if blockRepair.count == 0 {
            // The highest first: each names the one below it.
            for height in missing.suffix(BlockRepair.capacity) { blockRepair.found(damaged: height) }
        }
        if let errand = blockRepair.errand(now: now, isReachable: isReachable) {
            effects.append(.say(.rangeRequest(errand.request), to: .replica(errand.peer)))
        } else if blockRepair.count == 0 {
            endRound()
        }
    }

    /// A snapshot at or above the last of the damaged blocks makes all of them needless.
    private mutating func seekSnapshot(into effects: inout [Effect]) {
        let need: StateSync.Need? = rounds >= Self.patience && isDenied ? .blocksAreGone : nil
        guard let last = missing.last, need != nil || !stateSync.isResting else { return }
        let root = Height(last.rawValue - 1)
        stateSync.aim(at: need, above: root, now: now)
        for errand in stateSync.errands(for: need, now: now, above: root, isReachable: isReachable) {
            effects.append(.say(.snapshotRequest(errand.request), to: .replica(errand.peer)))
        }
    }

    private func carryOut(_ outcome: StateSync.Outcome?, into effects: inout [Effect]) {
        if let outcome { effects.append(outcome.effect) }
    }
}
