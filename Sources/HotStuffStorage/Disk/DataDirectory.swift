#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// The directory of one replica, held by one process at a time.
///
/// Two processes that write one journal, or sign with one key, would contradict each other. The holder has the lock of the file
/// `lock`, which the operating system takes back when the process ends, however it ends; the number in the file only serves the
/// message to the second one.
public final class DataDirectory<Storage: Disk>: Sendable {
    /// The files of the directory.
    public let disk: Storage
    private let lock: Storage.File

    /// The name of the file whose lock is the right to the directory.
    static var lockName: String { "lock" }

    /// Takes hold of a directory, or fails if another process, or another part of this one, has it.
    public init(locking disk: Storage) throws(DataDirectoryError) {
        self.disk = disk
        let isMine: Bool
        var holder: Int32?
        do {
            lock = try disk.open(Self.lockName, .createIfMissing)
            isMine = try lock.lockExclusively()
            if isMine {
                try DataDirectory.sign(lock)
            } else {
                holder = try DataDirectory.holder(in: lock)
            }
        } catch {
            throw .disk(error)
        }
        guard isMine else { throw .inUse(path: disk.path, process: holder) }
    }

    /// Lets another process have the directory; the files must no longer be written.
    public func close() throws(DataDirectoryError) {
        do {
            try lock.unlock()
        } catch {
            throw .disk(error)
        }
    }

    /// Writes the number of this process.
    private static func sign(_ lock: Storage.File) throws(DiskError) {
        try lock.truncate(to: 0)
        try lock.write(Array("\(getpid())\n".utf8).span.bytes, at: 0)
    }

    /// The process number that the holder wrote, if it has done so yet.
    private static func holder(in lock: Storage.File) throws(DiskError) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let count = try lock.read(into: &buffer, at: 0)
        return Int32(String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

extension DataDirectory where Storage == RealDisk {
    /// Opens a directory of the operating system and takes hold of it; creates it first if asked.
    public convenience init(path: String, createIfMissing: Bool) throws(DataDirectoryError) {
        let disk: RealDisk
        do {
            disk = try RealDisk(path: path, createIfMissing: createIfMissing)
        } catch {
            throw .disk(error)
        }
        try self.init(locking: disk)
    }
}

/// Why a process may not use a data directory.
public enum DataDirectoryError: Error, Equatable, Sendable {
    /// Another holder has it: the directory, and the number of its process if it could be read.
    case inUse(path: String, process: Int32?)
    /// The disk failed.
    case disk(DiskError)
}

extension DataDirectoryError: CustomStringConvertible {
    /// One line: what is wrong, and who has it.
    public var description: String {
        switch self {
        case .inUse(let path, let process?): "data directory \(path) is in use by process \(process)"
        case .inUse(let path, nil): "data directory \(path) is in use by another process"
        case .disk(let error): error.description
        }
    }
}
