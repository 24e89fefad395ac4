/// Where a replica stands, for people and tools; no claim that it proves.
public struct ReplicaStatus: Hashable, Sendable, BorshCodable {
    /// Who answers.
    public let replica: ReplicaID
    /// Its current view.
    public let view: View
    /// The leader of that view, if the replica knows it.
    public let leader: ReplicaID?
    /// The height of its last committed block.
    public let committedHeight: Height
    /// The name of its last committed block.
    public let committedBlock: Digest
    /// What it has executed.
    public let executed: ExecutedState
    /// The digest of its application's state at the executed height.
    public let applicationState: Digest
    /// The number of commands executed since the genesis.
    public let executedCommands: UInt64
    /// The number of commands waiting in its pool.
    public let pendingCommands: UInt64
    /// The number of views that have ended without a certificate since the replica was started.
    public let failedViews: UInt64

    /// What stands for a leader that is not known: a place that no set has.
    private static let nobody = ReplicaID(.max)

    /// Creates a status.
    public init(
        replica: ReplicaID,
        view: View,
        leader: ReplicaID?,
        committedHeight: Height,
        committedBlock: Digest,
        executed: ExecutedState,
        applicationState: Digest,
        executedCommands: UInt64,
        pendingCommands: UInt64,
        failedViews: UInt64
    ) {
        self.replica = replica
        self.view = view
        self.leader = leader
        self.committedHeight = committedHeight
        self.committedBlock = committedBlock
        self.executed = executed
        self.applicationState = applicationState
        self.executedCommands = executedCommands
        self.pendingCommands = pendingCommands
        self.failedViews = failedViews
    }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(replica)
        encoder.append(view)
        encoder.append(leader ?? Self.nobody)
        encoder.append(committedHeight)
        encoder.append(committedBlock)
        encoder.append(executed)
        encoder.append(applicationState)
        encoder.append(executedCommands)
        encoder.append(pendingCommands)
        encoder.append(failedViews)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        replica = try decoder.read()
        view = try decoder.read()
        let leader: ReplicaID = try decoder.read()
        self.leader = leader == Self.nobody ? nil : leader
        committedHeight = try decoder.read()
        committedBlock = try decoder.read()
        executed = try decoder.read()
        applicationState = try decoder.read()
        executedCommands = try decoder.readUInt64()
        pendingCommands = try decoder.readUInt64()
        failedViews = try decoder.readUInt64()
    }
}
