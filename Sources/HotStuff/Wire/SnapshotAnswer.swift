/// The answer of one who has a snapshot, or has not.
public enum SnapshotAnswer: Hashable, Sendable {
    /// The newest snapshot, and what certifies it.
    case offer(SnapshotOffer)
    /// What chunks the snapshot has, and the blocks on which its receiver goes on.
    case outline(SnapshotOutline)
    /// A chunk.
    case chunk(SnapshotChunk)
    /// The sender has not got what was asked.
    case nothing(SnapshotRequest)
}

/// A snapshot that somebody has, with what makes a stranger believe in it.
///
/// Block, view and epoch of the manifest are proved by the outline only.
public struct SnapshotOffer: Hashable, Sendable, BorshCodable {
    /// What the snapshot is of.
    public let manifest: SnapshotManifest
    /// What makes height, D and root those of the chain.
    public let certificate: SnapshotCertificate

    /// Creates an offer of its two parts.
    public init(manifest: SnapshotManifest, certificate: SnapshotCertificate) {
        self.manifest = manifest
        self.certificate = certificate
    }

    /// Manifest and certificate.
    public static var minimumEncodedSize: Int {
        SnapshotManifest.minimumEncodedSize + SnapshotCertificate.minimumEncodedSize
    }

    /// Appends manifest and certificate.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(manifest)
        encoder.append(certificate)
    }

    /// Reads manifest and certificate.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        manifest = try decoder.read()
        certificate = try decoder.read()
    }
}

/// All that is needed beside the chunks of a snapshot.
public struct SnapshotOutline: Hashable, Sendable, BorshCodable {
    /// Which snapshot.
    public let name: SnapshotName
    /// The digests of all its chunks, in order.
    public let digests: [Digest]
    /// The snapshot's last block and those behind it up to one that is proved final.
    ///
    /// Who has the state needs that block too: the next one names it, and others will ask for it.
    public let foundation: BlockRange

    /// Creates an outline of its parts.
    public init(name: SnapshotName, digests: [Digest], foundation: BlockRange) {
        self.name = name
        self.digests = digests
        self.foundation = foundation
    }

    /// The request for final blocks that gives the foundation of a snapshot; nil for one of the genesis, which there is not.
    public static func foundationRequest(of height: Height) -> RangeRequest? {
        guard height > .genesis else { return nil }
        return RangeRequest(above: Height(height.rawValue - 1), through: height)
    }

    /// A name, no digests, no blocks.
    public static var minimumEncodedSize: Int {
        SnapshotName.minimumEncodedSize + 4 + BlockRange.minimumEncodedSize
    }

    /// Appends name, digests and blocks.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(name)
        encoder.appendList(digests)
        encoder.append(foundation)
    }

    /// Reads name, digests and blocks.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        name = try decoder.read()
        digests = try decoder.readList(maximum: SnapshotChunks.maximumCount)
        foundation = try decoder.read()
    }
}

/// A part of a snapshot's content.
public struct SnapshotChunk: Hashable, Sendable, BorshCodable {
    /// Which snapshot.
    public let name: SnapshotName
    /// Which chunk of it.
    public let index: UInt32
    /// Its bytes, 1 MiB at most.
    public let bytes: [UInt8]

    /// Creates a chunk of its parts.
    public init(name: SnapshotName, index: UInt32, bytes: [UInt8]) {
        self.name = name
        self.index = index
        self.bytes = bytes
    }

    /// A name, an index, no bytes.
    public static var minimumEncodedSize: Int { SnapshotName.minimumEncodedSize + 8 }

    /// Appends name, index and bytes.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(name)
        encoder.append(index)
        encoder.appendBytes(bytes)
    }

    /// Reads name, index and bytes.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        name = try decoder.read()
        index = try decoder.readUInt32()
        bytes = try decoder.readBytes(maximum: SnapshotChunks.chunkByteCount)
    }
}

extension SnapshotAnswer {
    /// What it is an answer to; an offer may answer for any height below its own.
    func answers(_ request: SnapshotRequest) -> Bool {
        switch (self, request) {
        case (.nothing(let asked), _): asked == request
        case (.offer(let offer), .offer(let height)): offer.manifest.height > height
        case (.outline(let outline), .outline(let name)): outline.name == name
        case (.chunk(let chunk), .chunk(let name, let index)): chunk.name == name && chunk.index == index
        case (.offer, _), (.outline, _), (.chunk, _): false
        }
    }
}

extension SnapshotAnswer: BorshCodable {
    private enum Tag {
        static let offer: UInt8 = 0
        static let outline: UInt8 = 1
        static let chunk: UInt8 = 2
        static let nothing: UInt8 = 3
    }

    /// A tag and a request, the shortest of all.
    public static var minimumEncodedSize: Int { 1 + SnapshotRequest.minimumEncodedSize }

    /// Appends a tag and what it stands for.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .offer(let offer):
            encoder.append(Tag.offer)
            encoder.append(offer)
        case .outline(let outline):
            encoder.append(Tag.outline)
            encoder.append(outline)
        case .chunk(let chunk):
            encoder.append(Tag.chunk)
            encoder.append(chunk)
        case .nothing(let request):
            encoder.append(Tag.nothing)
            encoder.append(request)
        }
    }

    /// Reads a tag and what it stands for.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.offer: self = .offer(try decoder.read())
        case Tag.outline: self = .outline(try decoder.read())
        case Tag.chunk: self = .chunk(try decoder.read())
        case Tag.nothing: self = .nothing(try decoder.read())
        default: throw .invalidTag(tag)
        }
    }
}
