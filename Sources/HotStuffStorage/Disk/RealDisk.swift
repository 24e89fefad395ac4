#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// A directory of the operating system.
///
/// It is held open: all names are looked up in the directory that was opened, wherever it may be moved to.
/// Files are readable and writable for their owner alone.
public final class RealDisk: Disk {
    /// The directory as it was given.
    public let path: String
    private let descriptor: Int32
    /// Whether files are opened for reading only, and names stay as they are.
    private let isReadOnly: Bool

    /// Opens a directory, or creates it first, for its owner alone, and makes it durable; its parent must exist.
    public init(path: String, createIfMissing: Bool) throws(DiskError) {
        self.path = path
        isReadOnly = false
        if createIfMissing {
            do {
                try SystemCall.run(.createDirectory, path) { mkdir(path, 0o700) }
            } catch {
                guard error.code == EEXIST else { throw error }
            }
        }
        descriptor = try RealDisk.openDirectory(path, in: AT_FDCWD, path: path)
        if createIfMissing {
            // Also when it exists: a process may have died between creating it and here.
            let parent = try RealDisk.openDirectory("..", in: descriptor, path: path + "/..")
            defer { _ = close(parent) }
            try SystemCall.run(.syncDirectory, path + "/..") { SystemCall.syncDirectory(parent) }
        }
    }

    /// Opens a directory to look at it: whatever would change it or a file in it fails, and no right to write is needed.
    package init(reading path: String) throws(DiskError) {
        self.path = path
        isReadOnly = true
        descriptor = try RealDisk.openDirectory(path, in: AT_FDCWD, path: path)
    }

    deinit {
        _ = close(descriptor)
    }

    /// The directory and the name, with a slash between.
    public func path(of name: String) -> String {
        path.hasSuffix("/") ? path + name : path + "/" + name
    }

    /// The names of all entries except the directory itself and its parent, sorted; O(n log n).
    public func names() throws(DiskError) -> [String] {
        // A descriptor of its own, because a listing has a cursor.
        let listing = try RealDisk.openDirectory(".", in: descriptor, path: path)
        guard let directory = fdopendir(listing) else {
            let code = errno
            _ = close(listing)
            throw DiskError(operation: .listDirectory, path: path, code: code)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                let code = errno
                guard code == 0 else { throw DiskError(operation: .listDirectory, path: path, code: code) }
                return names.sorted()
            }
            // The name ends with a zero byte inside the entry, which lives until the next call of readdir.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// Whether the directory has an entry of that name.
    public func exists(_ name: String) throws(DiskError) -> Bool {
        checkPlain(name)
        do {
            try SystemCall.run(.inspect, path(of: name)) { faccessat(descriptor, name, F_OK, 0) }
            return true
        } catch {
            guard error.code == ENOENT else { throw error }
            return false
        }
    }

    /// Opens a file for reading and writing; a new one is readable and writable for its owner alone.
    public func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> RealFile {
        checkPlain(name)
        let flags =
            switch mode {
            case _ where isReadOnly: O_RDONLY | O_CLOEXEC
            case .existing: O_RDWR | O_CLOEXEC
            case .createIfMissing: O_RDWR | O_CLOEXEC | O_CREAT
            case .createEmpty: O_RDWR | O_CLOEXEC | O_CREAT | O_TRUNC
            }
        let file = try SystemCall.run(.open, path(of: name)) { openat(descriptor, name, flags, 0o600) }
        return RealFile(descriptor: file, path: path(of: name))
    }

    /// Calls `renameat`, which replaces in one step.
    public func rename(_ name: String, to newName: String) throws(DiskError) {
        checkPlain(name)
        checkPlain(newName)
        try checkWritable(.rename, name)
        try SystemCall.run(.rename, path(of: name)) { renameat(descriptor, name, descriptor, newName) }
    }

    /// Removes an entry.
    public func remove(_ name: String) throws(DiskError) {
        checkPlain(name)
        try checkWritable(.remove, name)
        try SystemCall.run(.remove, path(of: name)) { unlinkat(descriptor, name, 0) }
    }

    /// Calls `fsync` on the directory.
    public func syncDirectory() throws(DiskError) {
        try SystemCall.run(.syncDirectory, path) { SystemCall.syncDirectory(descriptor) }
    }

    private static func openDirectory(
        _ name: String,
        in directory: Int32,
        path: String
    ) throws(DiskError) -> Int32 {
        try SystemCall.run(.openDirectory, path) { openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }

    private func checkWritable(_ operation: DiskError.Operation, _ name: String) throws(DiskError) {
        guard !isReadOnly else { throw DiskError(operation: operation, path: path(of: name), code: EROFS) }
    }

    private func checkPlain(_ name: String) {
        precondition(!name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")), "\(name) is not a plain file name")
    }
}
