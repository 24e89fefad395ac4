/// How much a core holds: a count of everything that could grow.
///
/// What others send, and how long a replica runs, may move these counts but not lift them over a limit that follows from the
/// configuration alone.
public struct Footprint: Hashable, Sendable {
    /// Blocks above the last final one.
    public var pendingBlocks = 0
    /// Commands in these blocks.
    public var pendingBlockCommands = 0
    /// The names of committed blocks.
    public var committedNames = 0
    /// Heights of which the executed state is known.
    public var executedStates = 0
    /// Claims about heights that have not been executed.
    public var openClaims = 0
    /// A certificate that makes a missing block final: one or none.
    public var openFinalities = 0
    /// Votes of all replicas.
    public var votes = 0
    /// Timeouts of all replicas.
    public var timeouts = 0
    /// Own statements that wait for the disk or the signer.
    public var heldStatements = 0
    /// Own statements that have left and may be sent again.
    public var sentStatements = 0
    /// Proposals that are kept to show who makes two.
    public var seenProposals = 0
    /// A proposal that cannot be judged yet: one or none.
    public var parkedProposals = 0
    /// Brief proposals whose certificates are missing.
    public var briefProposals = 0
    /// The last certificates.
    public var recentCertificates = 0
    /// Blocks that are sought.
    public var pursuits = 0
    /// Ranges of final blocks that are under way or wait for those below.
    public var ranges = 0
    /// Blocks in those that wait.
    public var rangeBlocks = 0
    /// Blocks that are damaged in the archive.
    public var damagedBlocks = 0
    /// Offers of snapshots.
    public var snapshotOffers = 0
    /// Chunks of a snapshot that are asked for or on their way to the disk.
    public var snapshotChunks = 0
    /// Digests of the chunks of a snapshot.
    public var snapshotDigests = 0
    /// Commands that wait to be ordered.
    public var pendingCommands = 0
    /// Bytes of these commands.
    public var pendingCommandBytes = 0
    /// Those of them that wait to be made known to the other replicas.
    public var waitingCommands = 0
    /// Keys of committed commands.
    public var rememberedKeys = 0

    /// Creates the footprint of nothing.
    public init() {}

    /// The most that a core may ever hold.
    ///
    /// Blocks alone have an assumption: of those above the last final one, all that a certified chain rests on are kept, and a
    /// chain grows past the limit only where so many certified blocks follow one another and none becomes final.
    ///
    /// - Parameters:
    ///   - validatorCount: how many replicas there are.
    ///   - settings: the replica's own limits.
    ///   - parameters: the chain's limits.
    /// - Returns: a bound for each count.
    public static func limit(
        validatorCount: Int,
        settings: ConsensusSettings,
        parameters: ChainParameters
    ) -> Footprint {
        var limit = Footprint()
        limit.pendingBlocks = BlockTree.defaultCapacity
        limit.pendingBlockCommands = BlockTree.defaultCapacity * Int(parameters.maximumCommandsPerBlock)
        limit.committedNames = CommittedHistory.maximumCount
        limit.executedStates = ExecutionHistory.maximumCount
        limit.openClaims = Consensus.openClaimCapacity
        limit.openFinalities = 1
        limit.votes = VoteCollector.places * validatorCount
        limit.timeouts = validatorCount
        limit.heldStatements = Outbox.capacity
        limit.sentStatements = 3
        limit.seenProposals = SeenProposals.capacity(validatorCount: validatorCount)
        limit.parkedProposals = Consensus.parkedCapacity
        limit.briefProposals = Consensus.briefCapacity
        limit.recentCertificates = RecentCertificates.capacity
        limit.pursuits = BlockFetcher.capacity
        limit.ranges = ChainSync.capacity
        limit.rangeBlocks = ChainSync.capacity * BlockRange.maximumBlockCount
        limit.damagedBlocks = BlockRepair.capacity
        limit.snapshotOffers = validatorCount
        limit.snapshotChunks = StateSync.capacity
        limit.snapshotDigests = SnapshotChunks.maximumCount
        limit.pendingCommands = settings.maximumPendingCommands
        limit.pendingCommandBytes = settings.maximumPendingBytes
        limit.waitingCommands = settings.maximumPendingCommands
        limit.rememberedKeys = settings.rememberedCommands
        return limit
    }

    /// Names each count that is above its limit, with both numbers; empty if all is well.
    public func exceeding(_ limit: Footprint) -> [String] {
        zip(counts, limit.counts).compactMap { mine, most in
            mine.count > most.count ? "\(mine.name): \(mine.count), allowed are \(most.count)" : nil
        }
    }

    /// All counts, by name, in the order of their declarations.
    private var counts: [(name: String, count: Int)] {
        [
            ("pendingBlocks", pendingBlocks),
            ("pendingBlockCommands", pendingBlockCommands),
            ("committedNames", committedNames),
            ("executedStates", executedStates),
            ("openClaims", openClaims),
            ("openFinalities", openFinalities),
            ("votes", votes),
            ("timeouts", timeouts),
            ("heldStatements", heldStatements),
            ("sentStatements", sentStatements),
            ("seenProposals", seenProposals),
            ("parkedProposals", parkedProposals),
            ("briefProposals", briefProposals),
            ("recentCertificates", recentCertificates),
            ("pursuits", pursuits),
            ("ranges", ranges),
            ("rangeBlocks", rangeBlocks),
            ("damagedBlocks", damagedBlocks),
            ("snapshotOffers", snapshotOffers),
            ("snapshotChunks", snapshotChunks),
            ("snapshotDigests", snapshotDigests),
            ("pendingCommands", pendingCommands),
            ("pendingCommandBytes", pendingCommandBytes),
            ("waitingCommands", waitingCommands),
            ("rememberedKeys", rememberedKeys),
        ]
    }
}

extension Consensus {
    /// How much this core holds now.
    ///
    /// Complexity: O(replicas + pending blocks).
    public var footprint: Footprint {
        var footprint = Footprint()
        footprint.pendingBlocks = tree.count
        footprint.pendingBlockCommands = tree.commandCount
        footprint.committedNames = committedHistory.count
        footprint.executedStates = executionHistory.count
        footprint.openClaims = openClaims.count
        footprint.openFinalities = openFinality == nil ? 0 : 1
        footprint.votes = votes.count
        footprint.timeouts = timeouts.count
        footprint.heldStatements = outbox.count
        footprint.sentStatements = [lastVote, lastTimeout, lastProposal].count { $0 != nil }
        footprint.seenProposals = seenProposals.count
        footprint.parkedProposals = parked.count
        footprint.briefProposals = briefs.count
        footprint.recentCertificates = recentCertificates.count
        footprint.pursuits = fetcher.count
        footprint.ranges = chainSync.count
        footprint.rangeBlocks = chainSync.heldBlockCount
        footprint.damagedBlocks = blockRepair.count
        footprint.snapshotOffers = stateSync.offerCount
        footprint.snapshotChunks = stateSync.chunkCount
        footprint.snapshotDigests = stateSync.digestCount
        footprint.pendingCommands = pool.count
        footprint.pendingCommandBytes = pool.byteCount
        footprint.waitingCommands = pool.waitingCount
        footprint.rememberedKeys = pool.rememberedCount
        return footprint
    }
}
