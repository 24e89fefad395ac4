import Foundation

/// A set of new files in one directory that appear whole, one by one, and all or none.
///
/// Each is written and synced under a temporary name and then linked to its own, which fails if that exists: nothing is
/// overwritten, and nobody sees half a file. When one cannot be made, those already made are removed again.
package struct OutputFiles {
    /// A file to make.
    package struct File {
        /// Its name in the directory.
        package let name: String
        /// Its content.
        package let content: [UInt8]
        /// Who may read and write it.
        package let mode: UInt32

        /// Creates a file to make.
        package init(name: String, content: [UInt8], mode: UInt32) {
            self.name = name
            self.content = content
            self.mode = mode
        }
    }

    /// The directory, created with its parents if it is missing.
    package let directory: String
    /// The files, in the order in which they appear.
    package let files: [File]

    /// Creates a set.
    package init(directory: String, files: [File]) {
        self.directory = directory
        self.files = files
    }

    /// Makes the files.
    package func create() throws(ConfigurationError) {
        for file in files where access(path(file.name), F_OK) == 0 { throw exists(file.name) }
        let isNew = access(directory, F_OK) != 0
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw ConfigurationError(
                .notCreated,
                "the directory \(directory) cannot be created",
                advice: "choose another place, or check the permissions above it"
            )
        }
        var created: [String] = []
        do throws(ConfigurationError) {
            for file in files {
                try create(file)
                created.append(file.name)
            }
            try syncDirectory()
        } catch {
            for name in created { unlink(path(name)) }
            if isNew { rmdir(directory) }
            throw error
        }
    }

    /// Removes files that were made.
    func remove() {
        for file in files { unlink(path(file.name)) }
    }

    private func create(_ file: File) throws(ConfigurationError) {
        let temporary = path(".\(file.name).\(getpid()).tmp")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(file.mode))
        guard descriptor >= 0 else { throw failure(errno, file.name) }
        defer { unlink(temporary) }
        defer { close(descriptor) }
        // The mask of the process may have taken bits away, but never adds one.
        guard fchmod(descriptor, mode_t(file.mode)) == 0 else { throw failure(errno, file.name) }
        var written = 0
        while written < file.content.count {
            let count = file.content[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw failure(errno, file.name)
            }
        }
        guard fsync(descriptor) == 0 else { throw failure(errno, file.name) }
        guard link(temporary, path(file.name)) == 0 else { throw failure(errno, file.name) }
    }

    private func syncDirectory() throws(ConfigurationError) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno, ".") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(errno, ".") }
    }

    /// The path of a file of the set.
    package func path(_ name: String) -> String { directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)" }

    private func exists(_ name: String) -> ConfigurationError {
        ConfigurationError(
            .notCreated,
            "\(path(name)) exists already",
            advice: "nothing was written; choose another directory, for a key that is overwritten is lost"
        )
    }

    private func failure(_ code: Int32, _ name: String) -> ConfigurationError {
        switch code {
        case EEXIST: exists(name)
        case EACCES, EPERM, EROFS:
            ConfigurationError(
                .notPermitted,
                "\(path(name)) may not be written",
                advice: "choose another directory or change its permissions"
            )
        case ENOSPC, EDQUOT:
            ConfigurationError(
                .inputOutput,
                "there is no space left for \(path(name))",
                advice: "free some, nothing was written"
            )
        default:
            ConfigurationError(
                .notCreated,
                "\(path(name)) cannot be written: \(SystemError.text(code))",
                advice: "choose another directory"
            )
        }
    }
}
