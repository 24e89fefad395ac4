/// The part of a block that its name is the hash of.
public struct BlockHeader: Hashable, Sendable {
    /// The version of the protocol that the block obeys.
    public let version: UInt16
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch whose validators vote on it.
    public let epoch: Epoch
    /// The view in which it is proposed.
    public let view: View
    /// The number of its ancestors.
    public let height: Height
    /// The name of the block that it extends.
    public let parent: Digest
    /// The view of the certificate that justifies it, which is the parent's view.
    public let justifyView: View
    /// The replica that proposes it.
    public let proposer: ReplicaID
    /// The digest of its commands.
    public let payloadDigest: Digest
    /// The digest of the next epoch's validator set; zero if the set stays.
    public let nextValidatorSet: Digest
    /// What its proposer had executed.
    public let executed: ExecutedState
    /// The proposer's clock, not before the parent's.
    public let time: Timestamp
    /// What shows that its proposer may lead its view, where a proof of work does; else none.
    public let work: Work

    /// The version that this program speaks.
    public static let currentVersion: UInt16 = 1

    /// Creates a header of its fields.
    public init(
        version: UInt16 = BlockHeader.currentVersion,
        chain: Digest,
        epoch: Epoch,
        view: View,
        height: Height,
        parent: Digest,
        justifyView: View,
        proposer: ReplicaID,
        payloadDigest: Digest,
        nextValidatorSet: Digest = .zero,
        executed: ExecutedState,
        time: Timestamp,
        work: Work = .none
    ) {
        self.version = version
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.height = height
        self.parent = parent
        self.justifyView = justifyView
        self.proposer = proposer
        self.payloadDigest = payloadDigest
        self.nextValidatorSet = nextValidatorSet
        self.executed = executed
        self.time = time
        self.work = work
    }

    /// The name of the block: the hash of this header, whatever signatures its certificate holds.
    public var id: Digest { Domain.blockHeader.digest(of: self) }

    /// Whether the block names a next validator set and so ends its epoch.
    public var endsEpoch: Bool { nextValidatorSet != .zero }
}

extension BlockHeader: BorshCodable {
    /// 221 bytes, always.
    public static var minimumEncodedSize: Int { 221 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(version)
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(height)
        encoder.append(parent)
        encoder.append(justifyView)
        encoder.append(proposer)
        encoder.append(payloadDigest)
        encoder.append(nextValidatorSet)
        encoder.append(executed)
        encoder.append(time)
        encoder.append(work)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        version = try decoder.readUInt16()
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        height = try decoder.read()
        parent = try decoder.read()
        justifyView = try decoder.read()
        proposer = try decoder.read()
        payloadDigest = try decoder.read()
        nextValidatorSet = try decoder.read()
        executed = try decoder.read()
        time = try decoder.read()
        work = try decoder.read()
    }
}
