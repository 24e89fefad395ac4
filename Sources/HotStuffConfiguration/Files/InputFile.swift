import Foundation

/// Files that are read as a whole.
package enum InputFile {
    /// The most bytes of a file that is read.
    package static let maximumByteCount = 64 << 20

    /// Reads a file, or says in one line why it cannot be read.
    ///
    /// A complaint says `what` the file should be, with an article, and gives the `advice` if it is missing. Only its owner
    /// may have access to a secret.
    package static func read(
        _ path: String,
        what: String,
        advice: String,
        isSecret: Bool = false
    ) throws(ConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno, path: path, what: what, advice: advice) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno, path: path, what: what, advice: advice) }
        let mode = UInt32(status.st_mode)
        guard mode & UInt32(S_IFMT) != UInt32(S_IFDIR) else {
            throw ConfigurationError(.missing, "\(path) is a directory, not \(what)", advice: "name the file in it")
        }
        if isSecret, mode & 0o077 != 0 {
            throw ConfigurationError(
                .notPermitted,
                "others than its owner have access to \(path) (mode \(String(mode & 0o777, radix: 8)))",
                advice: "run chmod 600 \(path), and make a new key if somebody may have read this one"
            )
        }
        // Nobody waits for one who might open the other end of a pipe, but for what whoever has it open will write.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        return try readAll(descriptor, path: path, what: what, advice: advice)
    }

    /// Reads standard input to its end.
    package static func readStandardInput() throws(ConfigurationError) -> [UInt8] {
        try readAll(0, path: "standard input", what: "a list of commands", advice: "pipe commands into it")
    }

    private static func readAll(
        _ descriptor: Int32,
        path: String,
        what: String,
        advice: String
    ) throws(ConfigurationError)
        -> [UInt8]
    {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return content }
            if count > 0 {
                content.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                throw failure(errno, path: path, what: what, advice: advice)
            }
            guard content.count <= maximumByteCount else {
                throw ConfigurationError(
                    .malformed,
                    "\(path) has more than \(maximumByteCount) bytes",
                    advice: "name \(what)"
                )
            }
        }
    }

    private static func failure(_ code: Int32, path: String, what: String, advice: String) -> ConfigurationError {
        switch code {
        case ENOENT, ENOTDIR:
            ConfigurationError(.missing, "there is no \(path), which should be \(what)", advice: advice)
        case EACCES, EPERM:
            ConfigurationError(
                .notPermitted,
                "\(path) may not be read",
                advice: "run as its owner or change its permissions"
            )
        default:
            ConfigurationError(
                .inputOutput,
                "\(path) cannot be read: \(SystemError.text(code))",
                advice: "check the disk"
            )
        }
    }
}
