internal import HotStuff
internal import HotStuffStorage
internal import Synchronization

/// A directory in memory, on which everything works: the faults are in what the files hold.
final class MemoryDisk: Disk {
    let path = "memory"
    private let files = Mutex<[String: MemoryFile]>([:])

    /// Puts a file there.
    init(_ name: String, _ bytes: [UInt8]) {
        files.withLock { $0[name] = MemoryFile(bytes) }
    }

    /// What a file holds.
    func content(_ name: String) -> [UInt8] { files.withLock { $0[name]?.bytes ?? [] } }

    func path(of name: String) -> String { name }
    func names() throws(DiskError) -> [String] { files.withLock { $0.keys.sorted() } }
    func exists(_ name: String) throws(DiskError) -> Bool { files.withLock { $0[name] != nil } }

    func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> MemoryFile {
        let file: MemoryFile? = files.withLock { files in
            switch mode {
            case .existing: break
            case .createIfMissing: if files[name] == nil { files[name] = MemoryFile([]) }
            case .createEmpty: files[name] = MemoryFile([])
            }
            return files[name]
        }
        guard let file else { throw DiskError(operation: .open, path: name, code: 2) }
        return file
    }

    func rename(_ name: String, to newName: String) throws(DiskError) {
        files.withLock { $0[newName] = $0.removeValue(forKey: name) }
    }

    func remove(_ name: String) throws(DiskError) { files.withLock { $0[name] = nil } }
    func syncDirectory() throws(DiskError) {}
}

/// A file in memory.
final class MemoryFile: DiskFile {
    private let content: Mutex<[UInt8]>

    init(_ bytes: [UInt8]) { content = Mutex(bytes) }

    var bytes: [UInt8] { content.withLock { $0 } }

    func size() throws(DiskError) -> UInt64 { UInt64(bytes.count) }

    func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int {
        let found = Array(bytes.dropFirst(Int(clamping: offset)).prefix(buffer.byteCount))
        buffer.withUnsafeMutableBytes { $0.copyBytes(from: found) }
        return found.count
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError) {
        let new = bytes.withUnsafeBytes { Array($0) }
        let offset = Int(offset)
        content.withLock { content in
            if content.count < offset + new.count {
                content += [UInt8](repeating: 0, count: offset + new.count - content.count)
            }
            content.replaceSubrange(offset..<offset + new.count, with: new)
        }
    }

    func truncate(to size: UInt64) throws(DiskError) {
        let size = Int(size)
        content.withLock { content in
            if content.count > size {
                content.removeLast(content.count - size)
            } else {
                content += [UInt8](repeating: 0, count: size - content.count)
            }
        }
    }

    func preallocate(to size: UInt64) throws(DiskError) {}
    func syncData() throws(DiskError) {}
    func lockExclusively() throws(DiskError) -> Bool { true }
    func unlock() throws(DiskError) {}
}
