internal import BLAKE3

/// The content of a snapshot cut into chunks, each with a digest of its own, as it is written piece by piece.
///
/// It holds one chunk at most, however long the content.
public struct SnapshotChunks: Sendable {
    /// The bytes of every chunk but the last, which has at least one and at most so many: 1 MiB.
    public static let chunkByteCount = 1 << 20
    /// The most chunks of a snapshot that is stored or sent, so that their digests fit one message: 256 GiB of content.
    public static let maximumCount = 1 << 18

    /// The digests of the chunks that are finished.
    public private(set) var digests: [Digest] = []
    /// The bytes of all pieces so far.
    public private(set) var byteCount: UInt64 = 0
    private var chunk: [UInt8] = []

    /// Creates the chunks of a content that has not begun.
    public init() {}

    /// Appends a piece, and gives every chunk that it completes.
    public mutating func append<Failure: Error>(
        _ piece: [UInt8],
        completed: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var rest = piece[...]
        while !rest.isEmpty {
            let taken = rest.prefix(Self.chunkByteCount - chunk.count)
            chunk += taken
            rest = rest.dropFirst(taken.count)
            byteCount += UInt64(taken.count)
            if chunk.count == Self.chunkByteCount { try complete(completed) }
        }
    }

    /// Gives the last chunk, if the content does not end with a whole one; nothing may follow.
    public mutating func finish<Failure: Error>(completed: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        if !chunk.isEmpty { try complete(completed) }
    }

    /// The digest of a chunk.
    public static func digest(of chunk: [UInt8]) -> Digest {
        var hasher = BLAKE3()
        hasher.update(Array(Domain.snapshotChunk.rawValue.utf8))
        hasher.update(chunk)
        return Digest(hasher.finalize())
    }

    /// The root of a snapshot: the digest of its length and of all its chunks' digests, in order.
    public static func root(of digests: [Digest], byteCount: UInt64) -> Digest {
        Domain.snapshot.digest(of: SnapshotRootContent(byteCount: byteCount, digests: digests))
    }

    /// The number of chunks of a content of some length.
    public static func count(of byteCount: UInt64) -> UInt64 {
        byteCount / UInt64(chunkByteCount) + (byteCount.isMultiple(of: UInt64(chunkByteCount)) ? 0 : 1)
    }

    private mutating func complete<Failure: Error>(_ completed: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        digests.append(Self.digest(of: chunk))
        try completed(chunk)
        chunk.removeAll(keepingCapacity: true)
    }
}

/// What the root of a snapshot is the digest of.
private struct SnapshotRootContent: BorshEncodable {
    let byteCount: UInt64
    let digests: [Digest]

    /// Appends the size of a chunk, the length of the content, and the digests.
    func encode(into encoder: inout BorshEncoder) {
        encoder.append(UInt32(SnapshotChunks.chunkByteCount))
        encoder.append(byteCount)
        encoder.appendList(digests)
    }
}
