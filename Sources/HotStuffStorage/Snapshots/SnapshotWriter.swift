public import HotStuff

/// A state that waits to be written: a copy made between two blocks, to be written by any thread while execution goes on.
///
/// Making it copies the execution, which is a value: what both have in common is copied piece by piece where execution
/// changes it later.
public struct SnapshotWriter<Machine: StateMachine>: Sendable {
    private let execution: Execution<Machine>
    private let header: BlockHeader
    private let point: SnapshotPoint

    /// Takes a copy of an execution, if it is at a height where a snapshot is due and the application offers one.
    ///
    /// - Parameters:
    ///   - execution: the execution.
    ///   - header: the header of the block that it executed last.
    public init?(of execution: Execution<Machine>, behind header: BlockHeader) {
        guard Machine.offersSnapshots, let point = execution.trail.point else { return nil }
        precondition(header.height == point.height, "a snapshot of \(point.height) behind block \(header.height)")
        self.execution = execution.frozen()
        self.header = header
        self.point = point
    }

    /// Writes the state into a store, durable and under its name, and removes what the store need not keep any more.
    ///
    /// A snapshot whose bytes do not have the root that was computed when the block was executed is not kept.
    ///
    /// Complexity: O(state) in time, one chunk in memory besides what the application takes.
    public func write<Storage: Disk>(
        to store: SnapshotStore<Storage>
    ) throws(SnapshotStoreError) -> WrittenSnapshot {
        let finalName = SnapshotFile.name(of: point.height)
        let name = finalName + SnapshotFile.writingSuffix
        let disk = store.disk
        let file = try onSnapshotDisk { () throws(DiskError) in try disk.open(name, .createEmpty) }
        let manifest: SnapshotManifest
        do {
            manifest = try fill(file)
        } catch {
            // What is left of it goes now if the disk lets it, else with the next prune.
            try? disk.remove(name)
            throw error
        }
        try store.publish(name, file, as: finalName)
        return WrittenSnapshot(manifest: manifest, reserve: try store.prune())
    }

    private func fill<File: DiskFile>(_ file: File) throws(SnapshotStoreError) -> SnapshotManifest {
        var sink = SnapshotFileSink(file)
        try execution.writeSnapshot(into: &sink)
        let chunks = try sink.finish()
        let root = SnapshotChunks.root(of: chunks.digests, byteCount: chunks.byteCount)
        guard root == point.root else { throw .rootDiffers(found: root, expected: point.root) }
        let manifest = SnapshotManifest(of: header, point: point, byteCount: chunks.byteCount)
        let tail = SnapshotFile.tail(manifest, chunks.digests)
        try onSnapshotDisk { () throws(DiskError) in try file.write(tail.span.bytes, at: chunks.byteCount) }
        return manifest
    }
}

/// A snapshot that has just been written.
public struct WrittenSnapshot: Sendable {
    /// What it is of.
    public let manifest: SnapshotManifest
    /// The height of the intact snapshot before it, for the case that this one is damaged some day; nil if there is none.
    public let reserve: Height?
}

/// A sink that writes chunks to a file.
private struct SnapshotFileSink<File: DiskFile>: SnapshotSink {
    private let file: File
    private var chunks = SnapshotChunks()
    private var offset: UInt64 = 0

    init(_ file: File) { self.file = file }

    mutating func write(_ bytes: [UInt8]) throws(SnapshotStoreError) {
        let file = file
        var offset = offset
        try chunks.append(bytes) { chunk throws(SnapshotStoreError) in
            try Self.write(chunk, to: file, at: &offset)
        }
        self.offset = offset
        guard chunks.digests.count <= SnapshotChunks.maximumCount else { throw .tooLarge }
    }

    /// Writes the last chunk.
    mutating func finish() throws(SnapshotStoreError) -> SnapshotChunks {
        let file = file
        var offset = offset
        try chunks.finish { chunk throws(SnapshotStoreError) in try Self.write(chunk, to: file, at: &offset) }
        guard chunks.digests.count <= SnapshotChunks.maximumCount else { throw .tooLarge }
        return chunks
    }

    private static func write(_ chunk: [UInt8], to file: File, at offset: inout UInt64) throws(SnapshotStoreError) {
        let start = offset
        try onSnapshotDisk { () throws(DiskError) in try file.write(chunk.span.bytes, at: start) }
        offset += UInt64(chunk.count)
    }
}
