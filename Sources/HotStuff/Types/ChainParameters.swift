/// The numbers that every replica of a chain must share, for they decide which blocks are valid.
public struct ChainParameters: Hashable, Sendable {
    /// The most commands of one block.
    public var maximumCommandsPerBlock: UInt32
    /// The most bytes of one command's body.
    public var maximumCommandBytes: UInt32
    /// The most bytes of one block's commands, encoded.
    public var maximumPayloadBytes: UInt32
    /// How far a block's time may lie ahead of a voter's clock, in milliseconds.
    public var maximumClockDriftMilliseconds: UInt64
    /// How many blocks execution may lag behind finality before a leader proposes only empty blocks.
    public var maximumExecutionLag: UInt64
    /// How many blocks lie between two snapshots of the executed state, whose roots are in the execution digest.
    public var snapshotInterval: UInt64
    /// Who leads which view.
    public var leaderElection: LeaderElectionRule
    /// Which blocks become final, and what a vote needs.
    public var commitRule: CommitRule
    /// Who collects the votes for a block.
    public var voteRouting: VoteRouting

    /// The interval between snapshots where none is chosen.
    public static let defaultSnapshotInterval: UInt64 = 10_000

    /// Creates parameters; each has a default.
    public init(
        maximumCommandsPerBlock: UInt32 = 400,
        maximumCommandBytes: UInt32 = 65_536,
        maximumPayloadBytes: UInt32 = 1_048_576,
        maximumClockDriftMilliseconds: UInt64 = 10_000,
        maximumExecutionLag: UInt64 = 64,
        snapshotInterval: UInt64 = ChainParameters.defaultSnapshotInterval,
        leaderElection: LeaderElectionRule = .standard,
        commitRule: CommitRule = .threeChain,
        voteRouting: VoteRouting = .everyone
    ) {
        self.maximumCommandsPerBlock = maximumCommandsPerBlock
        self.maximumCommandBytes = maximumCommandBytes
        self.maximumPayloadBytes = maximumPayloadBytes
        self.maximumClockDriftMilliseconds = maximumClockDriftMilliseconds
        self.maximumExecutionLag = maximumExecutionLag
        self.snapshotInterval = snapshotInterval
        self.leaderElection = leaderElection
        self.commitRule = commitRule
        self.voteRouting = voteRouting
    }

    /// Whether a snapshot is due at a height.
    public func isSnapshotDue(at height: Height) -> Bool {
        ExecutionStep.isSnapshotDue(at: height, interval: snapshotInterval)
    }

    /// What is wrong with these parameters, as one clause that names the parameter and its range; nothing if all is well.
    public var fault: String? {
        if !(1...UInt32(Payload.maximumCommandCount)).contains(maximumCommandsPerBlock) {
            return
                "maximumCommandsPerBlock is \(maximumCommandsPerBlock), allowed are 1 to \(Payload.maximumCommandCount)"
        }
        if !(1...UInt32(Command.maximumBodyByteCount)).contains(maximumCommandBytes) {
            return "maximumCommandBytes is \(maximumCommandBytes), allowed are 1 to \(Command.maximumBodyByteCount)"
        }
        let leastPayload = UInt64(maximumCommandBytes) + UInt64(Payload.minimumEncodedSize + Command.minimumEncodedSize)
        let mostPayload = UInt64(Frame.maximumByteCount / 2)
        if !(leastPayload...max(leastPayload, mostPayload)).contains(UInt64(maximumPayloadBytes)) {
            return "maximumPayloadBytes is \(maximumPayloadBytes), allowed are \(leastPayload) to \(mostPayload)"
        }
        if !(1...86_400_000).contains(maximumClockDriftMilliseconds) {
            return "maximumClockDriftMilliseconds is \(maximumClockDriftMilliseconds), allowed are 1 to 86400000"
        }
        if !(1...512).contains(maximumExecutionLag) {
            return "maximumExecutionLag is \(maximumExecutionLag), allowed are 1 to 512"
        }
        if !(1...1_000_000_000).contains(snapshotInterval) {
            return "snapshotInterval is \(snapshotInterval), allowed are 1 to 1000000000"
        }
        return leaderElection.fault
    }
}

extension ChainParameters: BorshEncodable {
    /// Appends all parameters in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(maximumCommandsPerBlock)
        encoder.append(maximumCommandBytes)
        encoder.append(maximumPayloadBytes)
        encoder.append(maximumClockDriftMilliseconds)
        encoder.append(maximumExecutionLag)
        encoder.append(snapshotInterval)
        encoder.append(leaderElection)
        encoder.append(commitRule.rawValue)
        encoder.append(voteRouting.rawValue)
    }
}
