import Foundation

/// A file whose content is exchanged as a whole: whoever reads it sees the old content or the new one.
enum ReplacedFile {
    /// Writes and syncs the content under a temporary name, and gives it the name, owner and rights of the file there.
    ///
    /// When it fails, the file has the old content; but if the directory cannot be synced, it may have the new one.
    static func write(_ content: [UInt8], over path: String) throws(ConfigurationError) {
        // What a link leads to is exchanged, not the link.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let temporary = "\(target).\(getpid()).tmp"
        var status = stat()
        guard stat(target, &status) == 0 else { throw failure(errno, path) }
        // Before anything is exchanged, so that little can fail after it.
        let directory = open((target as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(errno, path) }
        defer { close(directory) }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
        guard descriptor >= 0 else { throw failure(errno, path) }
        defer { unlink(temporary) }
        defer { close(descriptor) }
        // Whoever could read it can read it still, also if the superuser writes it.
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0,
            fchmod(descriptor, status.st_mode & 0o777) == 0
        else { throw failure(errno, path) }
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw failure(errno, path)
            }
        }
        guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw failure(errno, path) }
        guard fsync(directory) == 0 else { throw failure(errno, path) }
    }

    private static func failure(_ code: Int32, _ path: String) -> ConfigurationError {
        ConfigurationError(
            code == EACCES || code == EPERM || code == EROFS ? .notPermitted : .inputOutput,
            "\(path) cannot be written: \(SystemError.text(code))",
            advice: "check its permissions, those of its directory, and the disk"
        )
    }
}
