// Taking a snapshot of the state from others, when blocks are gone or too many of them are missing.
extension Consensus {
    /// How far a replica has come that takes a snapshot: none that does not.
    public var snapshotProgress: SnapshotProgress? { stateSync.progress }

    /// Asks for what is needed of a snapshot, if one is.
    mutating func syncState(into effects: inout [Effect]) {
        let reach = reach
        let need = snapshotNeed(within: reach)
        if need == nil, stateSync.isResting { return }
        stateSync.aim(at: need, above: tree.root.height, now: now)
        let errands = stateSync.errands(for: need, now: now, above: tree.root.height) { reach.includes($0) }
        for errand in errands { effects.append(.say(.snapshotRequest(errand.request), to: .replica(errand.peer))) }
    }

    /// Why a snapshot is needed, if one is.
    ///
    /// One liar cannot bring it about where blocks are still to be had: whoever gives a range ends it.
    private func snapshotNeed(within reach: Reach) -> StateSync.Need? {
        if chainSync.isExhausted(isReachable: { reach.includes($0) }) { return .blocksAreGone }
        guard missingCount >= UInt64(snapshotDistance) else { return nil }
        return .farFrom(Height(tree.root.height.rawValue + missingCount))
    }

    /// Whether an answer was asked for, and of this replica: others are ignored, so they need not be verified.
    public func awaits(_ answer: SnapshotAnswer, from sender: ReplicaID) -> Bool {
        stateSync.expects(answer, from: sender)
    }

    mutating func onSnapshotAnswer(
        _ answer: Verified<SnapshotAnswer>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        carryOut(stateSync.receive(answer, from: sender, now: now), into: &effects)
    }

    mutating func onSnapshotBegun(_ name: SnapshotName, missing: [UInt32], into effects: inout [Effect]) {
        carryOut(stateSync.begun(name, missing: missing), into: &effects)
    }

    mutating func onChunkKept(_ name: SnapshotName, _ index: UInt32, into effects: inout [Effect]) {
        carryOut(stateSync.kept(name, index), into: &effects)
    }

    private func carryOut(_ outcome: StateSync.Outcome?, into effects: inout [Effect]) {
        if let outcome { effects.append(outcome.effect) }
    }
}
