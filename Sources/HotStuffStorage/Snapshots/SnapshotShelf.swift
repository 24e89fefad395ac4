public import HotStuff

/// The snapshots that a replica gives to others: what it has on disk, with the certificate beside it, a chunk at a time.
///
/// Those that were asked for last stay open, so that they can be given to the end although the store removes them meanwhile.
public struct SnapshotShelf<Storage: Disk>: Sendable {
    private let store: SnapshotStore<Storage>
    private let archive: BlockArchiveReader<Storage>
    private var open: [SnapshotReader<Storage>] = []

    /// Creates the shelf of a store and of the archive beside it.
    public init(_ store: SnapshotStore<Storage>, archive: BlockArchiveReader<Storage>) {
        self.store = store
        self.archive = archive
    }

    /// Answers a question about snapshots.
    ///
    /// Complexity: O(bytes of the answer), all of them read from the disk.
    ///
    /// - Parameter request: what is asked.
    /// - Returns: what is here; `nothing` also where something of it is damaged.
    /// - Throws: how the disk failed.
    public mutating func answer(_ request: SnapshotRequest) throws(DiskError) -> SnapshotAnswer {
        do {
            return try find(request) ?? .nothing(request)
        } catch {
            // A disk that fails shows elsewhere too; what is damaged is found by the audit, and at the next snapshot.
            guard case .disk(let failure) = error, !failure.isMissing else { return .nothing(request) }
            throw failure
        }
    }

    /// Lets go of what is open.
    public mutating func close() { open = [] }

    private mutating func find(_ request: SnapshotRequest) throws(SnapshotStoreError) -> SnapshotAnswer? {
        switch request {
        case .offer(let height): return try offer(above: height).map(SnapshotAnswer.offer)
        case .outline(let name):
            guard let reader = try reader(of: name), let foundation = foundation(of: name.height) else { return nil }
            let outline = SnapshotOutline(name: name, digests: reader.digests, foundation: foundation)
            // Only where both a state of hundreds of GiB and very large blocks meet is it too long.
            guard outline.encoded.count + 64 <= Frame.maximumByteCount else { return nil }
            return .outline(outline)
        case .chunk(let name, let index):
            guard let reader = try reader(of: name), Int(index) < reader.manifest.chunkCount else { return nil }
            return .chunk(SnapshotChunk(name: name, index: index, bytes: try reader.chunk(Int(index))))
        }
    }

    /// The newest snapshot above a height of which the certificate and the block are here too.
    private mutating func offer(above height: Height) throws(SnapshotStoreError) -> SnapshotOffer? {
        for candidate in try store.heights() where candidate > height {
            guard let certificate = try store.certificate(of: candidate), archive.firstHeight <= candidate,
                candidate <= archive.height, let reader = try? store.open(candidate),
                reader.manifest.point == certificate.point
            else { continue }
            return SnapshotOffer(manifest: reader.manifest, certificate: certificate)
        }
        return nil
    }

    private func foundation(of height: Height) -> BlockRange? {
        guard let request = SnapshotOutline.foundationRequest(of: height),
            let range = try? BlockShelf(archive).answer(request), !range.blocks.isEmpty
        else { return nil }
        return range
    }

    /// The snapshot of a name, opened now or before.
    private mutating func reader(of name: SnapshotName) throws(SnapshotStoreError) -> SnapshotReader<Storage>? {
        if let index = open.firstIndex(where: { $0.manifest.name == name }) {
            let reader = open.remove(at: index)
            open.append(reader)
            return reader
        }
        let reader = try store.open(name.height)
        guard reader.manifest.name == name else { return nil }
        open.append(reader)
        if open.count > SnapshotStore<Storage>.keptCount { open.removeFirst() }
        return reader
    }
}
