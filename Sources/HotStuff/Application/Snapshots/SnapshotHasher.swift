/// A sink that keeps nothing but the root of what is written to it.
package struct SnapshotHasher: SnapshotSink {
    package typealias Failure = Never

    private var chunks = SnapshotChunks()

    /// Creates one to which nothing was written.
    package init() {}

    /// Appends bytes.
    package mutating func write(_ bytes: [UInt8]) {
        chunks.append(bytes) { _ in }
    }

    /// The root of all that was written; nothing may follow.
    package mutating func finish() -> Digest {
        chunks.finish { _ in }
        return SnapshotChunks.root(of: chunks.digests, byteCount: chunks.byteCount)
    }
}
