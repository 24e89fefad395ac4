public import HotStuff

/// A snapshot that comes together from chunks of others, any of whom may lie, in any order.
///
/// The root is trusted, because a certified digest stands for it; so the list of digests is, and every chunk is judged by its own.
/// The file has its final form from the beginning: the list and the manifest are at its end, and each chunk goes to its place. So
/// what a restart finds is told by the file alone: a chunk is there if it has its digest. One chunk is in memory at a time.
public struct SnapshotAssembler<Storage: Disk>: Sendable {
    /// What became of a chunk.
    public enum Verdict: Hashable, Sendable {
        /// It is the one that belongs there, and is kept.
        case taken
        /// It was there already; these bytes were not looked at.
        case alreadyThere
        /// There is no chunk of that index.
        case noSuchChunk
        /// It is not the one that belongs there: whoever sent it lies, or its disk does.
        case wrong
    }

    /// What the snapshot is of.
    public let manifest: SnapshotManifest
    /// How many chunks are missing.
    public private(set) var missingCount: Int
    private let digests: [Digest]
    private let store: SnapshotStore<Storage>
    private let file: Storage.File
    private var isThere: [Bool]
    private var unsyncedCount = 0

    /// How many chunks a loss of power may cost.
    private static var syncedChunkCount: Int { 64 }

    /// Begins a snapshot, or goes on with what an earlier run had of it.
    ///
    /// - Parameters:
    ///   - store: where the snapshot will be.
    ///   - manifest: what somebody says of the snapshot; its block, view and epoch are for the caller to compare with the final
    ///     block of that height, with `SnapshotManifest.names(_:)`.
    ///   - digests: what somebody says its chunks are.
    ///   - point: what a certified execution digest stands for.
    /// - Throws: `untrusted` if manifest or digests are not what the point stands for, or how the disk failed.
    public init(
        in store: SnapshotStore<Storage>,
        manifest: SnapshotManifest,
        digests: [Digest],
        trusting point: SnapshotPoint
    ) throws(SnapshotStoreError) {
        guard manifest.point == point, manifest.chain == store.chain, manifest.matches(digests) else {
            throw .untrusted
        }
        let disk = store.disk
        let name = Self.name(point.height)
        if let begun = try? SnapshotReader(name, of: point.height, chain: store.chain, on: disk),
            begun.manifest == manifest
        {
            try self.init(goingOn: begun, in: store)
            return
        }
        let tail = SnapshotFile.tail(manifest, digests)
        let file = try onSnapshotDisk { () throws(DiskError) in
            let file = try disk.open(name, .createEmpty)
            try file.write(tail.span.bytes, at: manifest.byteCount)
            try file.syncData()
            try disk.syncDirectory()
            return file
        }
        let isThere = Array(repeating: false, count: digests.count)
        self.init(store: store, manifest: manifest, digests: digests, file: file, isThere: isThere)
    }

    /// Goes on with what an earlier run had, without asking anybody for manifest and digests; nil if there is nothing.
    public init?(resumingIn store: SnapshotStore<Storage>, trusting point: SnapshotPoint) throws(SnapshotStoreError) {
        let name = Self.name(point.height)
        guard let begun = try? SnapshotReader(name, of: point.height, chain: store.chain, on: store.disk),
            begun.manifest.point == point
        else { return nil }
        try self.init(goingOn: begun, in: store)
    }

    private init(
        goingOn begun: SnapshotReader<Storage>,
        in store: SnapshotStore<Storage>
    ) throws(SnapshotStoreError) {
        let name = Self.name(begun.manifest.height)
        self.init(
            store: store,
            manifest: begun.manifest,
            digests: begun.digests,
            file: try onSnapshotDisk { () throws(DiskError) in try store.disk.open(name, .existing) },
            isThere: begun.digests.indices.map { (try? begun.chunk($0)) != nil }
        )
    }

    private init(
        store: SnapshotStore<Storage>,
        manifest: SnapshotManifest,
        digests: [Digest],
        file: Storage.File,
        isThere: [Bool]
    ) {
        self.store = store
        self.manifest = manifest
        self.digests = digests
        self.file = file
        self.isThere = isThere
        missingCount = isThere.count { !$0 }
    }

    /// Whether every chunk is there.
    public var isComplete: Bool { missingCount == 0 }

    /// The first missing chunk from an index on.
    public func nextMissing(from index: Int = 0) -> Int? { isThere.dropFirst(max(0, index)).firstIndex(of: false) }

    /// Judges a chunk that somebody sent, and keeps it if it is the one that belongs there.
    public mutating func take(_ bytes: [UInt8], asChunk index: Int) throws(SnapshotStoreError) -> Verdict {
        guard digests.indices.contains(index) else { return .noSuchChunk }
        guard !isThere[index] else { return .alreadyThere }
        guard bytes.count == manifest.byteCount(ofChunk: index), SnapshotChunks.digest(of: bytes) == digests[index]
        else { return .wrong }
        let file = file
        let offset = UInt64(index) * UInt64(SnapshotChunks.chunkByteCount)
        try onSnapshotDisk { () throws(DiskError) in try file.write(bytes.span.bytes, at: offset) }
        isThere[index] = true
        missingCount -= 1
        unsyncedCount += 1
        if unsyncedCount >= Self.syncedChunkCount {
            try onSnapshotDisk { () throws(DiskError) in try file.syncData() }
            unsyncedCount = 0
        }
        return .taken
    }

    /// Makes a snapshot of the store out of it, when every chunk is there, and opens that.
    public consuming func finish() throws(SnapshotStoreError) -> SnapshotReader<Storage> {
        guard isComplete else { throw .incomplete(missingCount) }
        let height = manifest.height
        try store.publish(Self.name(height), file, as: SnapshotFile.name(of: height))
        let reader = try store.open(height)
        try store.prune()
        return reader
    }

    private static func name(_ height: Height) -> String {
        SnapshotFile.name(of: height) + SnapshotFile.assemblingSuffix
    }
}
