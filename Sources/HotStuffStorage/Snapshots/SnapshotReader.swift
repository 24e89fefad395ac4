public import HotStuff

/// An open snapshot: its manifest, and its chunks one by one, each checked when it is read.
///
/// It stays readable when the store removes the file. It holds the digests of the chunks, 32 bytes for each MiB.
public struct SnapshotReader<Storage: Disk>: Sendable {
    /// What the snapshot is of.
    public let manifest: SnapshotManifest
    /// The digests of all chunks, which the manifest's root stands for.
    public let digests: [Digest]
    private let file: Storage.File
    private let path: String

    /// Opens a file and checks all of it but the content; without a chain, that of any chain.
    init(_ name: String, of height: Height, chain: Digest?, on disk: Storage) throws(SnapshotStoreError) {
        let path = disk.path(of: name)
        guard try onSnapshotDisk({ () throws(DiskError) in try disk.exists(name) }) else { throw .missing(height) }
        let file = try onSnapshotDisk { () throws(DiskError) in try disk.open(name, .existing) }
        let size = try onSnapshotDisk { () throws(DiskError) in try file.size() }
        let manifest = try Self.manifest(in: file, size: size, path: path)
        guard manifest.chain == chain ?? manifest.chain else {
            throw .damaged(path: path, .anotherChain(manifest.chain))
        }
        guard manifest.height == height else { throw .damaged(path: path, .anotherHeight(manifest.height)) }
        guard size == SnapshotFile.byteCount(manifest) else {
            throw .damaged(path: path, .length(size, expected: SnapshotFile.byteCount(manifest)))
        }
        // The file is as long as the list says, so the memory for it is no more than was there.
        let list = try Self.bytes(
            manifest.chunkCount * Digest.byteCount,
            at: manifest.byteCount,
            of: file,
            else: .damaged(path: path, .chunkList)
        )
        var decoder = BorshDecoder(list)
        var digests: [Digest] = []
        digests.reserveCapacity(manifest.chunkCount)
        while let digest = try? decoder.read(Digest.self) { digests.append(digest) }
        guard manifest.matches(digests) else { throw .damaged(path: path, .chunkList) }
        self.manifest = manifest
        self.digests = digests
        self.file = file
        self.path = path
    }

    /// Reads a chunk and checks it against its digest; the index must be below the manifest's count.
    public func chunk(_ index: Int) throws(SnapshotStoreError) -> [UInt8] {
        let damage = SnapshotStoreError.damaged(path: path, .chunk(index))
        let bytes = try Self.bytes(
            manifest.byteCount(ofChunk: index),
            at: UInt64(index) * UInt64(SnapshotChunks.chunkByteCount),
            of: file,
            else: damage
        )
        guard SnapshotChunks.digest(of: bytes) == digests[index] else { throw damage }
        return bytes
    }

    /// Reads all chunks once and says what is wrong with the first that is not intact.
    ///
    /// Complexity: O(content) in time, one chunk in memory.
    public func check() throws(SnapshotStoreError) {
        for index in digests.indices { _ = try chunk(index) }
    }

    private static func manifest(
        in file: Storage.File,
        size: UInt64,
        path: String
    ) throws(SnapshotStoreError) -> SnapshotManifest {
        let count = UInt64(SnapshotFile.footByteCount)
        let tooShort = SnapshotStoreError.damaged(path: path, .tooShort(size))
        guard size >= count else { throw tooShort }
        let foot = try bytes(SnapshotFile.footByteCount, at: size - count, of: file, else: tooShort)
        var decoder = BorshDecoder(foot)
        let manifest: SnapshotManifest
        let checksum: Digest
        do {
            manifest = try decoder.read()
            checksum = try decoder.read()
        } catch {
            throw .damaged(path: path, .manifest(error))
        }
        guard checksum == Domain.snapshotFile.digest(of: manifest) else { throw .damaged(path: path, .checksum) }
        return manifest
    }

    private static func bytes(
        _ count: Int,
        at offset: UInt64,
        of file: Storage.File,
        else damage: SnapshotStoreError
    ) throws(SnapshotStoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try onSnapshotDisk { () throws(DiskError) in
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            return try file.read(into: &buffer, at: offset)
        }
        guard found == count else { throw damage }
        return bytes
    }
}
