/// A sink that keeps nothing but the root of what is written to it.
struct SnapshotHasher: SnapshotSink {
    typealias Failure = Never

    private var chunks = SnapshotChunks()

    mutating func write(_ bytes: [UInt8]) {
        chunks.append(bytes) { _ in }
    }

    /// The root of all that was written; nothing may follow.
    mutating func finish() -> Digest {
        chunks.finish { _ in }
        return SnapshotChunks.root(of: chunks.digests, byteCount: chunks.byteCount)
    }
}
