import HotStuffStorage
import Synchronization

/// A disk that counts the bytes that are read from it, the files that are open, and what files are asked to begin to write.
final class CountingDisk<Base: Disk>: Disk {
    final class File: DiskFile {
        private let base: Base.File
        private let disk: CountingDisk

        init(_ base: Base.File, _ disk: CountingDisk) {
            self.base = base
            self.disk = disk
            disk.counts.withLock { counts in
                counts.open += 1
                counts.mostOpen = max(counts.mostOpen, counts.open)
            }
        }

        deinit { disk.counts.withLock { $0.open -= 1 } }

        func size() throws(DiskError) -> UInt64 { try base.size() }
        func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int {
            let count = try base.read(into: &buffer, at: offset)
            disk.counts.withLock { $0.bytesRead += count }
            return count
        }
        func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError) { try base.write(bytes, at: offset) }
        func truncate(to size: UInt64) throws(DiskError) { try base.truncate(to: size) }
        func preallocate(to size: UInt64) throws(DiskError) { try base.preallocate(to: size) }
        func startWriting(_ range: Range<UInt64>) {
            disk.counts.withLock { $0.started.append(range) }
            base.startWriting(range)
        }
        func syncData() throws(DiskError) {
            disk.counts.withLock { $0.syncs += 1 }
            try base.syncData()
        }
        func lockExclusively() throws(DiskError) -> Bool { try base.lockExclusively() }
        func unlock() throws(DiskError) { try base.unlock() }
    }

    struct Counts: Sendable {
        var bytesRead = 0
        var syncs = 0
        var started: [Range<UInt64>] = []
        var open = 0
        var mostOpen = 0
    }

    private let counts = Mutex(Counts())
    /// What was counted so far.
    var now: Counts { counts.withLock { $0 } }
    private let base: Base

    init(_ base: Base) { self.base = base }

    var path: String { base.path }
    func path(of name: String) -> String { base.path(of: name) }
    func names() throws(DiskError) -> [String] { try base.names() }
    func exists(_ name: String) throws(DiskError) -> Bool { try base.exists(name) }
    func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> File { File(try base.open(name, mode), self) }
    func rename(_ name: String, to newName: String) throws(DiskError) { try base.rename(name, to: newName) }
    func remove(_ name: String) throws(DiskError) { try base.remove(name) }
    func syncDirectory() throws(DiskError) { try base.syncDirectory() }
}
