#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// Why a disk did not do what it was asked.
public struct DiskError: Error, Equatable, Sendable {
    /// What was asked.
    public enum Operation: String, Sendable {
        /// Creating the directory.
        case createDirectory = "create directory"
        /// Opening the directory.
        case openDirectory = "open directory"
        /// Listing the directory.
        case listDirectory = "list directory"
        /// Making the names of the directory durable.
        case syncDirectory = "sync directory"
        /// Opening or creating a file.
        case open = "open"
        /// Asking whether a file exists.
        case inspect = "inspect"
        /// Reading.
        case read = "read"
        /// Writing.
        case write = "write"
        /// Asking for the length of a file.
        case size = "read the size of"
        /// Changing the length of a file.
        case truncate = "truncate"
        /// Taking space for a file.
        case preallocate = "preallocate"
        /// Making the content of a file durable.
        case sync = "sync"
        /// Renaming.
        case rename = "rename"
        /// Removing.
        case remove = "remove"
        /// Locking.
        case lock = "lock"
        /// Giving a lock back.
        case unlock = "unlock"
    }

    /// What was asked.
    public var operation: Operation
    /// The file or directory, as a path.
    public var path: String
    /// The number of the error as the C library gives it in `errno`.
    public var code: Int32

    /// Creates an error of what was asked, of what, and the error number.
    public init(operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether the disk, or this user's share of it, is full.
    public var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether there is no such file.
    public var isMissing: Bool { code == ENOENT }

    /// Whether a file is where a directory should be.
    public var isNoDirectory: Bool { code == ENOTDIR }

    /// Whether this user may not do it, or nobody may.
    public var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }
}

extension DiskError: CustomStringConvertible {
    /// One line: what could not be done to what, and why.
    public var description: String {
        "cannot \(operation.rawValue) \(path): \(DiskError.text(of: code)) (error \(code))"
    }

    private static func text(of code: Int32) -> String {
        #if canImport(Darwin)
        var text = [CChar](repeating: 0, count: 256)
        _ = strerror_r(code, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
        // The text of a known error is a constant; of an unknown one, glibc keeps one copy for each thread.
        guard let text = strerror(code) else { return "unknown error" }
        return String(cString: text)
        #endif
    }
}
