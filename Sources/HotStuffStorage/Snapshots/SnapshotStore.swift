public import HotStuff

/// The snapshots of one chain in one directory, of which it keeps the newest two that are intact, and one to offer.
///
/// A snapshot has its name only when it is whole and durable: it is written under another name, synced, and renamed. One thread
/// at a time may write; any may read.
public struct SnapshotStore<Storage: Disk>: Sendable {
    /// The directory.
    public let disk: Storage
    /// The digest of the genesis document.
    public let chain: Digest

    /// How many intact snapshots are kept.
    public static var keptCount: Int { 2 }

    /// Creates the store of a chain's snapshots.
    public init(on disk: Storage, chain: Digest) {
        self.disk = disk
        self.chain = chain
    }

    /// What a search for the newest intact snapshot found.
    public struct Search: Sendable {
        /// The newest one that is intact, if there is any.
        public let newest: SnapshotReader<Storage>?
        /// Those above it that are not intact, and why, the newest first; they should be told to the operator.
        public let skipped: [Skipped]
    }

    /// A snapshot that was passed over.
    public struct Skipped: Equatable, Sendable {
        /// Its height.
        public let height: Height
        /// What is wrong with it.
        public let reason: SnapshotStoreError
    }

    /// The heights of all snapshots by their names, the newest first; none of them was looked into.
    public func heights() throws(SnapshotStoreError) -> [Height] {
        try names().compactMap { SnapshotFile.height(in: $0) }.sorted(by: >)
    }

    /// The newest snapshot that checks out completely.
    ///
    /// Complexity: O(content) in time, one chunk in memory.
    public func newest() throws(SnapshotStoreError) -> Search {
        var skipped: [Skipped] = []
        for height in try heights() {
            do {
                let reader = try open(height)
                try reader.check()
                return Search(newest: reader, skipped: skipped)
            } catch {
                skipped.append(Skipped(height: height, reason: error))
            }
        }
        return Search(newest: nil, skipped: skipped)
    }

    /// Opens the snapshot of a height; all of it but its content has been checked then, and each chunk is when it is read.
    public func open(_ height: Height) throws(SnapshotStoreError) -> SnapshotReader<Storage> {
        try SnapshotReader(SnapshotFile.name(of: height), of: height, chain: chain, on: disk)
    }

    /// Removes all below the newest two intact snapshots, and what an interrupted write left behind.
    ///
    /// If neither of the two has its certificate yet, the newest one that has stays too: it is all that can be offered to a replica
    /// whose blocks nobody has any more.
    ///
    /// Complexity: O(content of the snapshots that stay), of which every byte is read.
    ///
    /// - Returns: the height of the older of the two, from which a replica can start if the newer one is damaged some day; nil if
    ///   there are not two.
    @discardableResult
    public func prune() throws(SnapshotStoreError) -> Height? {
        var intact = 0
        var oldest: Height?
        var certified: Height?
        for height in try heights() where intact < Self.keptCount || certified == nil {
            let hasCertificate = certified == nil ? try certificate(of: height) != nil : false
            guard intact < Self.keptCount || hasCertificate else { continue }
            do {
                try open(height).check()
            } catch {
                // A damaged one is left for whoever wants to know why, until two intact ones are above it.
                continue
            }
            if hasCertificate { certified = height }
            guard intact < Self.keptCount else { continue }
            intact += 1
            oldest = height
        }
        for name in try names() {
            let isOld = SnapshotFile.suffixes.contains { suffix in
                guard intact == Self.keptCount, let oldest else { return false }
                return SnapshotFile.height(in: name, suffix: suffix).map { $0 < oldest && $0 != certified } ?? false
            }
            guard isOld || SnapshotFile.height(in: name, suffix: SnapshotFile.writingSuffix) != nil else { continue }
            try onSnapshotDisk { () throws(DiskError) in try disk.remove(name) }
        }
        return intact == Self.keptCount ? oldest : nil
    }

    /// Removes what was begun of the snapshots of others, but that of one height.
    func removeAssemblies(but height: Height) throws(SnapshotStoreError) {
        for name in try names() {
            guard let other = SnapshotFile.height(in: name, suffix: SnapshotFile.assemblingSuffix), other != height
            else { continue }
            try onSnapshotDisk { () throws(DiskError) in try disk.remove(name) }
        }
    }

    /// Gives a file that is whole the name of its height, for good.
    func publish(_ name: String, _ file: Storage.File, as newName: String) throws(SnapshotStoreError) {
        try onSnapshotDisk { () throws(DiskError) in
            try file.syncData()
            try disk.rename(name, to: newName)
            try disk.syncDirectory()
        }
    }

    private func names() throws(SnapshotStoreError) -> [String] {
        try onSnapshotDisk { () throws(DiskError) in try disk.names() }
    }
}
