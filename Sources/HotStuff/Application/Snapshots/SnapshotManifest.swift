/// What a snapshot is of, and the root by which its content is known.
///
/// The root, D' and D are proved by a `StateProof`; block, view and epoch by the final block of that height.
public struct SnapshotManifest: Hashable, Sendable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The last block of the snapshot.
    public let block: Digest
    /// That block's view.
    public let view: View
    /// That block's epoch.
    public let epoch: Epoch
    /// Height, D' and root.
    public let point: SnapshotPoint
    /// The length of the content.
    public let byteCount: UInt64

    /// The format that this program writes and reads.
    public static let version: UInt16 = 1

    /// Creates the manifest of a snapshot behind a block.
    public init(of header: BlockHeader, point: SnapshotPoint, byteCount: UInt64) {
        precondition(header.height == point.height, "a block of height \(header.height) for height \(point.height)")
        chain = header.chain
        block = header.id
        view = header.view
        epoch = header.epoch
        self.point = point
        self.byteCount = byteCount
    }

    /// The number of blocks that the snapshot stands for.
    public var height: Height { point.height }

    /// What was executed.
    public var executed: ExecutedState { point.executed }

    /// The number of chunks of the content.
    public var chunkCount: Int { Int(SnapshotChunks.count(of: byteCount)) }

    /// Whether the snapshot is that of the state behind this block.
    public func names(_ header: BlockHeader) -> Bool {
        header.height == height && self == SnapshotManifest(of: header, point: point, byteCount: byteCount)
    }

    /// Whether the snapshot is the state with which a chain begins, by the header of its first block: every byte of it is then proved by the
    /// genesis document.
    public func isBeginning(of genesis: BlockHeader) -> Bool { names(genesis) && executed == genesis.executed }

    /// The bytes of the chunk with an index.
    public func byteCount(ofChunk index: Int) -> Int {
        precondition(index >= 0 && index < chunkCount, "chunk \(index) of \(chunkCount)")
        let start = UInt64(index) * UInt64(SnapshotChunks.chunkByteCount)
        return Int(min(UInt64(SnapshotChunks.chunkByteCount), byteCount - start))
    }

    /// Whether these are the digests of the content's chunks.
    public func matches(_ digests: [Digest]) -> Bool {
        digests.count == chunkCount && SnapshotChunks.root(of: digests, byteCount: byteCount) == point.root
    }
}

extension SnapshotManifest: BorshCodable {
    /// 198 bytes, always.
    public static var minimumEncodedSize: Int { 198 }

    /// Appends version, chain, height, block, view, epoch, D, D', chunk size, length and root.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(Self.version)
        encoder.append(chain)
        encoder.append(height)
        encoder.append(block)
        encoder.append(view)
        encoder.append(epoch)
        encoder.append(executed.digest)
        encoder.append(point.before)
        encoder.append(UInt32(SnapshotChunks.chunkByteCount))
        encoder.append(byteCount)
        encoder.append(point.root)
    }

    /// Reads all fields in their order; D must be the digest of D' and root, and the length one that is allowed.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let version = try decoder.readUInt16()
        guard version == Self.version else { throw .unknownVersion(version) }
        chain = try decoder.read()
        let height: Height = try decoder.read()
        block = try decoder.read()
        view = try decoder.read()
        epoch = try decoder.read()
        let executed: Digest = try decoder.read()
        let before: Digest = try decoder.read()
        let chunkByteCount = try decoder.readUInt32()
        byteCount = try decoder.readUInt64()
        point = SnapshotPoint(height: height, before: before, root: try decoder.read())
        guard chunkByteCount == UInt32(SnapshotChunks.chunkByteCount), executed == point.executed.digest else {
            throw .notCanonical
        }
        let chunks = SnapshotChunks.count(of: byteCount)
        guard chunks <= UInt64(SnapshotChunks.maximumCount) else {
            throw .tooLong(Int(clamping: chunks), maximum: SnapshotChunks.maximumCount)
        }
    }
}
