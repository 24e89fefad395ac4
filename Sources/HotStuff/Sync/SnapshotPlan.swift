/// A snapshot that is to be taken from others: all that is needed beside its chunks, and all of it proved.
///
/// The certificate stands for height and root; the digests have that root; the foundation's first block is the one that
/// the manifest names, and final.
public struct SnapshotPlan: Hashable, Sendable {
    /// What the snapshot is of.
    public let manifest: SnapshotManifest
    /// What a certified digest says of it.
    public let certificate: SnapshotCertificate
    /// The digests of all its chunks.
    public let digests: [Digest]
    /// Its block, and those behind it up to one that a certificate makes final.
    public let foundation: BlockRange

    /// What the snapshot is called among replicas.
    public var name: SnapshotName { manifest.name }

    /// Puts an offer and an outline together; nil if they do not fit each other, and then the manifest is not true or the outline
    /// is not that of the manifest.
    init?(_ offer: Verified<SnapshotOffer>, _ outline: Verified<SnapshotOutline>) {
        let manifest = offer.content.manifest
        guard outline.content.name == manifest.name, manifest.matches(outline.content.digests),
            let block = outline.content.foundation.blocks.first, manifest.names(block.header)
        else { return nil }
        self.manifest = manifest
        certificate = offer.content.certificate
        digests = outline.content.digests
        foundation = outline.content.foundation
    }
}

/// How far a replica has come that takes a snapshot from others.
public struct SnapshotProgress: Hashable, Sendable {
    /// The height of the snapshot.
    public let height: Height
    /// How many of its chunks are here.
    public let chunkCount: Int
    /// How many there are.
    public let totalCount: Int

    /// Creates a progress of its numbers.
    public init(height: Height, chunkCount: Int, totalCount: Int) {
        self.height = height
        self.chunkCount = chunkCount
        self.totalCount = totalCount
    }
}
