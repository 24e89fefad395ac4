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
        case Tag.submit: self = .submit(try Command.readList(from: &decoder, maximum: Payload.maximumCommandCount))
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
