/// Everything that a client says to a replica.
public enum ClientRequest: Hashable, Sendable {
    /// Please have these commands executed and tell me the results.
    case submit([Command])
    /// How are you?
    case status
}

extension ClientRequest: BorshCodable {
    private enum Tag {
        static let submit: UInt8 = 1
        static let status: UInt8 = 2
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .submit(let commands):
            encoder.append(Tag.submit)
            encoder.appendList(commands)
        case .status: encoder.append(Tag.status)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.submit: self = .submit(try decoder.readList(maximum: Payload.maximumCommandCount))
        case Tag.status: self = .status
        default: throw .invalidTag(tag)
        }
    }
}

/// Everything that a replica says to a client.
public enum ClientResponse: Hashable, Sendable {
    /// These commands are final and executed.
    case results([CommandResult])
    /// These commands were not taken, for the pool is full; try again later.
    case busy([CommandKey])
    /// These commands were not taken and never will be: they are longer than the chain allows.
    case refused([CommandKey])
    /// The answer to `status`.
    case status(ReplicaStatus)
}

extension ClientResponse: BorshCodable {
    private enum Tag {
        static let results: UInt8 = 1
        static let busy: UInt8 = 2
        static let refused: UInt8 = 3
        static let status: UInt8 = 4
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .results(let results):
            encoder.append(Tag.results)
            encoder.appendList(results)
        case .busy(let keys):
            encoder.append(Tag.busy)
            encoder.appendList(keys)
        case .refused(let keys):
            encoder.append(Tag.refused)
            encoder.appendList(keys)
        case .status(let status):
            encoder.append(Tag.status)
            encoder.append(status)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.results: self = .results(try decoder.readList(maximum: Payload.maximumCommandCount))
        case Tag.busy: self = .busy(try decoder.readList(maximum: Payload.maximumCommandCount))
        case Tag.refused: self = .refused(try decoder.readList(maximum: Payload.maximumCommandCount))
        case Tag.status: self = .status(try decoder.read())
        default: throw .invalidTag(tag)
        }
    }
}

/// Where a replica stands, for people and tools; no claim that it proves.
public struct ReplicaStatus: Hashable, Sendable, BorshCodable {
    /// Who answers.
    public let replica: ReplicaID
    /// Its current view.
    public let view: View
    /// The leader of that view.
    public let leader: ReplicaID
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

    /// Creates a status.
    public init(
        replica: ReplicaID,
        view: View,
        leader: ReplicaID,
        committedHeight: Height,
        committedBlock: Digest,
        executed: ExecutedState,
        applicationState: Digest,
        executedCommands: UInt64,
        pendingCommands: UInt64
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
    }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(replica)
        encoder.append(view)
        encoder.append(leader)
        encoder.append(committedHeight)
        encoder.append(committedBlock)
        encoder.append(executed)
        encoder.append(applicationState)
        encoder.append(executedCommands)
        encoder.append(pendingCommands)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        replica = try decoder.read()
        view = try decoder.read()
        leader = try decoder.read()
        committedHeight = try decoder.read()
        committedBlock = try decoder.read()
        executed = try decoder.read()
        applicationState = try decoder.read()
        executedCommands = try decoder.readUInt64()
        pendingCommands = try decoder.readUInt64()
    }
}
