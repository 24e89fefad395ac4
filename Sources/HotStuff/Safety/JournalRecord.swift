/// One entry of the journal.
///
/// What is durable is always a beginning of the sequence in which they were appended.
///
/// A statement's record comes after everything that it rests on: the certificates of its sender and the block that it
/// promises to serve. So whoever finds the statement finds the rest.
public enum JournalRecord: Hashable, Sendable {
    /// A block that was voted for, proposed or committed, with its commands and certificate.
    case block(Block)
    /// A quorum certificate that no recorded block carries.
    case quorumCertificate(QuorumCertificate)
    /// A timeout certificate by which a view was entered.
    case timeoutCertificate(TimeoutCertificate)
    /// What was signed so far.
    case safety(SafetyRecord)
    /// A recorded block that has become final.
    case commit(height: Height, block: Digest)
    /// The beginning of a segment.
    case checkpoint(Checkpoint)
}

extension JournalRecord: BorshCodable {
    private enum Tag {
        static let block: UInt8 = 1
        static let quorumCertificate: UInt8 = 2
        static let timeoutCertificate: UInt8 = 3
        static let safety: UInt8 = 4
        static let commit: UInt8 = 5
        static let checkpoint: UInt8 = 6
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .block(let block):
            encoder.append(Tag.block)
            encoder.append(block)
        case .quorumCertificate(let certificate):
            encoder.append(Tag.quorumCertificate)
            encoder.append(certificate)
        case .timeoutCertificate(let certificate):
            encoder.append(Tag.timeoutCertificate)
            encoder.append(certificate)
        case .safety(let record):
            encoder.append(Tag.safety)
            encoder.append(record)
        case .commit(let height, let block):
            encoder.append(Tag.commit)
            encoder.append(height)
            encoder.append(block)
        case .checkpoint(let checkpoint):
            encoder.append(Tag.checkpoint)
            encoder.append(checkpoint)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.block: self = .block(try decoder.read())
        case Tag.quorumCertificate: self = .quorumCertificate(try decoder.read())
        case Tag.timeoutCertificate: self = .timeoutCertificate(try decoder.read())
        case Tag.safety: self = .safety(try decoder.read())
        case Tag.commit: self = .commit(height: try decoder.read(), block: try decoder.read())
        case Tag.checkpoint: self = .checkpoint(try decoder.read())
        default: throw .invalidTag(tag)
        }
    }
}
