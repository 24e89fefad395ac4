// Getting final blocks in ranges, when many are missing.
extension Consensus {
    /// The most final blocks that wait for execution, or records for the disk, before no more are asked for.
    private static let maximumUnfinished: UInt64 = 1_024

    /// How far a replica that catches up has come: none that does not.
    public var syncProgress: SyncProgress? {
        chainSync.isActive ? SyncProgress(height: tree.root.height, goal: chainSync.goal) : nil
    }

    /// Whether so many blocks are missing that ranges are the way to get them.
    var isFarBehind: Bool { missingCount >= UInt64(syncDistance) }

    /// How many final blocks are missing here: of the chain below the highest certificate all but the last two are final, mostly, or in
    /// two-chain all but the last.
    var missingCount: UInt64 {
        let certified = certificates.quorum.statement.height.rawValue
        let depth = parameters.commitRule.depth
        let final = certified > depth ? certified - depth : 0
        return final > tree.root.height.rawValue ? final - tree.root.height.rawValue : 0
    }

    /// Takes in what has come, and asks for what is missing.
    ///
    /// Block by block is better where few are missing, for blocks that are not final yet come that way too. Where nobody can answer
    /// that, since all others have the blocks without their certificates, ranges are tried also for a few; and as long as no
    /// range comes, block by block is tried also for many, for they may be certified and not final.
    mutating func syncChain(into effects: inout [Effect]) {
        while let range = chainSync.takeNext(above: tree.root.height) {
            adopt(range, into: &effects)
            if isHalted { return }
        }
        let isWanted = !stateSync.isLoading && (isFarBehind || missingCount > 0 && fetcher.hasAskedEverybody)
        let goal = Height(tree.root.height.rawValue + missingCount)
        chainSync.aim(at: isWanted ? goal : nil, above: tree.root.height)
        guard chainSync.isActive else { return }
        let keepsUp =
            tree.root.height.rawValue <= executionHistory.last.height.rawValue + Self.maximumUnfinished
            && position.rawValue <= outbox.durable.rawValue + 2 * Self.maximumUnfinished
        let reach = reach
        let errands = chainSync.errands(now: now, above: tree.root.height) { keepsUp && reach.includes($0) }
        for errand in errands { effects.append(.say(.rangeRequest(errand.request), to: .replica(errand.peer))) }
    }

    /// Whether a range was asked for, and of this replica: others are ignored, so they need not be verified.
    public func awaits(_ range: BlockRange, from sender: ReplicaID) -> Bool {
        chainSync.expects(range, from: sender) || blockRepair.expects(range, from: sender)
    }

    mutating func onRangeRequest(_ request: RangeRequest, from sender: ReplicaID, into effects: inout [Effect]) {
        if mutant("never-serve") { return }
        effects.append(.serveRange(request, to: sender))
    }

    mutating func onBlockRange(
        _ range: Verified<BlockRange>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        if let (block, certificate) = blockRepair.receive(range, from: sender) {
            effects.append(.repair(block, by: certificate))
        } else {
            chainSync.receive(range, from: sender, now: now)
        }
    }

    mutating func onRefused(_ sender: ReplicaID) {
        chainSync.mistrust(sender, now: now)
        blockRepair.mistrust(sender)
        stateSync.mistrust(sender, now: now)
    }

    /// Asks for a block that is damaged in the archive.
    mutating func repairBlocks(into effects: inout [Effect]) {
        guard blockRepair.count > 0 else { return }
        let reach = reach
        if let errand = blockRepair.errand(now: now, isReachable: { reach.includes($0) }) {
            effects.append(.say(.rangeRequest(errand.request), to: .replica(errand.peer)))
        }
    }

    /// Commits the blocks of a range that goes on from the last final one.
    private mutating func adopt(_ range: Verified<BlockRange>, into effects: inout [Effect]) {
        guard let certificate = range.certificate, let last = range.content.blocks.last,
            last.height > tree.root.height
        else { return }
        let blocks = range.content.blocks.filter { $0.height > tree.root.height }.map { tree.block($0.id) ?? $0 }
        guard blocks.first?.header.parent == tree.root.id || mutant("ignore-contradiction") else {
            halt(
                .contradiction(
                    certificate: certificate.content,
                    committed: tree.root.id,
                    height: tree.root.height
                ),
                into: &effects
            )
            return
        }
        // One after the other: who reads the journal again holds only so many blocks that are not final.
        for block in blocks {
            if !tree.isJournaled(block.id) { append(.block(block), into: &effects) }
            carryOut(commitsOf: [block], by: certificate.content, into: &effects)
        }
        tree.advance(to: blocks.last ?? last)
        observe(certificate, into: &effects)
    }
}

/// How far a replica that catches up has come.
public struct SyncProgress: Hashable, Sendable {
    /// The height of the last block that is here.
    public let height: Height
    /// The height to which there are final blocks, as far as is known.
    public let goal: Height

    /// Creates a progress of its two heights.
    public init(height: Height, goal: Height) {
        self.height = height
        self.goal = goal
    }
}
