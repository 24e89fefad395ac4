/// Which snapshot of a chain is meant: its height, and the root that a certified digest stands for.
public struct SnapshotName: Hashable, Sendable, BorshCodable {
    /// The height of its last block.
    public let height: Height
    /// R, the digest of its content.
    public let root: Digest

    /// Creates the name of a snapshot.
    public init(height: Height, root: Digest) {
        self.height = height
        self.root = root
    }

    /// Forty bytes, always.
    public static var minimumEncodedSize: Int { 40 }

    /// Appends height and root.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(height)
        encoder.append(root)
    }

    /// Reads height and root.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        height = try decoder.read()
        root = try decoder.read()
    }
}

extension SnapshotManifest {
    /// What the snapshot is called among replicas.
    public var name: SnapshotName { SnapshotName(height: height, root: point.root) }
}

/// A question of a replica whose missing blocks nobody has any more, or that lack too many of them.
public enum SnapshotRequest: Hashable, Sendable {
    /// What is your newest snapshot above this height?
    case offer(above: Height)
    /// What are the digests of a snapshot's chunks, and the final blocks from its own on?
    case outline(SnapshotName)
    /// What is the chunk of a snapshot with this index?
    case chunk(SnapshotName, UInt32)
}

extension SnapshotRequest: BorshCodable {
    private enum Tag {
        static let offer: UInt8 = 0
        static let outline: UInt8 = 1
        static let chunk: UInt8 = 2
    }

    /// A tag and a height.
    public static var minimumEncodedSize: Int { 9 }

    /// Appends a tag and what it stands for.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .offer(let height):
            encoder.append(Tag.offer)
            encoder.append(height)
        case .outline(let name):
            encoder.append(Tag.outline)
            encoder.append(name)
        case .chunk(let name, let index):
            encoder.append(Tag.chunk)
            encoder.append(name)
            encoder.append(index)
        }
    }

    /// Reads a tag and what it stands for.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.offer: self = .offer(above: try decoder.read())
        case Tag.outline: self = .outline(try decoder.read())
        case Tag.chunk: self = .chunk(try decoder.read(), try decoder.readUInt32())
        default: throw .invalidTag(tag)
        }
    }
}
