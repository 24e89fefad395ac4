/// What had been executed when a block was proposed: the claim that voters check and a quorum certifies.
public struct ExecutedState: Hashable, Sendable, BorshCodable {
    /// The last executed height.
    public let height: Height
    /// The digest of all execution up to that height.
    public let digest: Digest

    /// Creates the claim that execution up to a height has a digest.
    public init(height: Height, digest: Digest) {
        self.height = height
        self.digest = digest
    }

    /// Nothing but the genesis has been executed.
    public static let genesis = ExecutedState(height: .genesis, digest: .zero)

    /// Forty bytes.
    public static var minimumEncodedSize: Int { 40 }

    /// Appends height and digest.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(height)
        encoder.append(digest)
    }

    /// Reads height and digest.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        height = try decoder.read()
        digest = try decoder.read()
    }
}

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
        time: Timestamp
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
    }

    /// The name of the block: the hash of this header, whatever signatures its certificate holds.
    public var id: Digest { Domain.blockHeader.digest(of: self) }

    /// Whether the block names a next validator set and so ends its epoch.
    public var endsEpoch: Bool { nextValidatorSet != .zero }
}

extension BlockHeader: BorshCodable {
    /// 212 bytes, always.
    public static var minimumEncodedSize: Int { 212 }

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
    }
}

/// The commands of a block, in the order of their execution.
public struct Payload: Hashable, Sendable, BorshCodable {
    /// The commands.
    public let commands: [Command]

    /// The most commands that are read; a chain's own limit may be lower.
    public static let maximumCommandCount = 65_536

    /// Creates the payload of some commands.
    public init(_ commands: [Command]) { self.commands = commands }

    /// No commands.
    public static let empty = Payload([])

    /// Whether there are no commands.
    public var isEmpty: Bool { commands.isEmpty }

    /// The digest that the header names.
    public var digest: Digest { Domain.payload.digest(of: self) }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { commands.reduce(4) { $0 + $1.encodedSize } }

    /// Four bytes of count.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the commands.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendList(commands) }

    /// Reads the commands.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        commands = try decoder.readList(maximum: Payload.maximumCommandCount)
    }
}

/// A header with its commands and the certificate of its parent.
///
/// A block is only made by hashing its header, so `id` is always the header's.
public struct Block: Hashable, Sendable {
    /// What the block is named by.
    public let header: BlockHeader
    /// Its commands.
    public let payload: Payload
    /// The certificate of the block that it extends.
    public let justify: QuorumCertificate
    /// The hash of the header.
    public let id: Digest

    /// Creates a block; whether its parts fit each other is for a verifier to say.
    public init(header: BlockHeader, payload: Payload, justify: QuorumCertificate) {
        self.header = header
        self.payload = payload
        self.justify = justify
        id = header.id
    }

    /// Its view.
    public var view: View { header.view }
    /// Its height.
    public var height: Height { header.height }
}

extension Block: BorshCodable {
    /// Header, an empty payload and a certificate.
    public static var minimumEncodedSize: Int {
        BlockHeader.minimumEncodedSize + Payload.minimumEncodedSize + QuorumCertificate.minimumEncodedSize
    }

    /// Appends header, payload and certificate.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(header)
        encoder.append(payload)
        encoder.append(justify)
    }

    /// Reads header, payload and certificate.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(header: try decoder.read(), payload: try decoder.read(), justify: try decoder.read())
    }
}
