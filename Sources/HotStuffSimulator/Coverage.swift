/// A fault or a rare branch that a run must really have met to be worth anything.
public enum CoverageItem: String, Hashable, Sendable, CaseIterable {
    // What the protocol did.
    case collectedCertificates, toldCertificates, briefProposals, certificatesAskedFor
    case timeoutCertificates, resentTimeouts, joinedTimeouts, conflictingProposals, conflictingVotes, fetches,
        servedBlocks, servedRanges, servedChunks
    case rejectedMessages, emptyBlocks, segments, epochChanges, snapshotsLoaded, statesTaken
    // What those did who elect their leaders by proof of work, and whose votes were divided.
    case minedProofs, ignoredProofs, splitViews
    // What those did who rested too long.
    case heartbeats
    // What happened to replicas.
    case restarts, kills, powerLosses, everybodyCrashed, amnesias, midWriteCrashes, pauses, slowReplicas, driftingClocks
    // What happened to disks.
    case tornWrites, lostWrites, diskErrors, fullDisks, flippedBits, truncatedJournals, refusedJournals, damagedBlocks,
        repairedBlocks, heldUpStarts, mendedStarts
    // What happened to messages.
    case lostMessages, duplicatedMessages, overtakingMessages, cutLinks, oneWayCuts, partitions, narrowLinks
    // What liars did.
    case byzantineReplicas, byzantineActs, twins
    // What those did who have no vote.
    case listeners, listenersCaughtUp
    // What clients did.
    case clientRetries, believedResults, repeatedCommands
    // What was proved.
    case weightedCommittees, quorumPhases, everybodyPhases, chainsJudged, caughtUp

    /// The least number in a thousand seeds of mixed options; nothing is asked of fewer than a hundred seeds.
    ///
    /// Zero where the protocol has no such thing yet.
    public var floorPerThousandSeeds: UInt64 {
        switch self {
        case .epochChanges: 0
        case .minedProofs: 500
        case .ignoredProofs, .splitViews: 50
        case .heartbeats: 50
        // A damaged block must be read to be repaired, by one who lags.
        case .repairedBlocks: 1
        case .heldUpStarts, .mendedStarts: 50
        case .servedChunks, .statesTaken: 20
        case .refusedJournals, .truncatedJournals, .flippedBits, .fullDisks: 10
        case .amnesias: 10
        case .twins, .tornWrites, .lostWrites, .diskErrors, .everybodyCrashed, .weightedCommittees: 20
        case .listeners, .listenersCaughtUp: 50
        case .midWriteCrashes, .narrowLinks, .slowReplicas, .driftingClocks, .pauses, .partitions: 50
        case .damagedBlocks: 50
        // Many in a long run, none in the first thirty views.
        case .segments: 50
        case .chainsJudged, .conflictingVotes, .repeatedCommands, .oneWayCuts, .byzantineReplicas: 50
        case .conflictingProposals, .joinedTimeouts, .emptyBlocks, .servedBlocks, .servedRanges, .powerLosses, .kills,
            .cutLinks:
            100
        case .restarts, .rejectedMessages, .fetches, .overtakingMessages, .duplicatedMessages, .lostMessages: 200
        case .quorumPhases, .everybodyPhases, .caughtUp, .snapshotsLoaded: 200
        // In the runs where votes go to the next leader.
        case .toldCertificates: 200
        case .collectedCertificates, .briefProposals: 1_000
        case .certificatesAskedFor: 200
        case .timeoutCertificates, .resentTimeouts, .byzantineActs, .clientRetries, .believedResults: 1_000
        }
    }
}

/// How often each fault and rare branch happened.
public struct Coverage: Hashable, Sendable {
    private var counts = [UInt64](repeating: 0, count: CoverageItem.allCases.count)
    private static let places = Dictionary(
        uniqueKeysWithValues: CoverageItem.allCases.enumerated().map { ($0.element, $0.offset) }
    )

    /// Nothing happened.
    public init() {}

    /// How often something happened.
    public subscript(item: CoverageItem) -> UInt64 { counts[Coverage.places[item] ?? 0] }

    /// All counts, in the order of the items.
    public var all: [(item: CoverageItem, count: UInt64)] { Array(zip(CoverageItem.allCases, counts)) }

    /// Counts that something happened.
    public mutating func count(_ item: CoverageItem, _ times: Int = 1) {
        counts[Coverage.places[item] ?? 0] += UInt64(max(0, times))
    }

    /// Adds what happened in another run.
    public mutating func add(_ other: Coverage) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// What happened too rarely in some number of seeds; nothing below a hundred seeds.
    public func shortfalls(seeds: UInt64) -> [(item: CoverageItem, count: UInt64, floor: UInt64)] {
        guard seeds >= 100 else { return [] }
        return all.compactMap { item, count in
            let floor = item.floorPerThousandSeeds * seeds / 1_000
            return count < floor ? (item, count, floor) : nil
        }
    }
}
