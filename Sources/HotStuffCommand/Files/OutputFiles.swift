import Foundation

/// A set of new files in one directory that appear whole, one by one, and all or none.
///
/// Each is written and synced under a temporary name and then linked to its own, which fails if that exists: nothing is
/// overwritten, and nobody sees half a file. When one cannot be made, those already made are removed again.
struct OutputFiles {
    /// A file to make.
    struct File {
        /// Its name in the directory.
        let name: String
        /// Its content.
        let content: [UInt8]
        /// Who may read and write it.
        let mode: mode_t
    }

    /// The directory, created with its parents if it is missing.
    let directory: String
    /// The files, in the order in which they appear.
    let files: [File]

    /// Makes the files.
    func create() throws(Failure) {
        for file in files where access(path(file.name), F_OK) == 0 { throw exists(file.name) }
        let isNew = access(directory, F_OK) != 0
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .cannotCreate,
                "the directory \(directory) cannot be created",
                advice: "choose another place, or check the permissions above it"
            )
        }
        var created: [String] = []
        do throws(Failure) {
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

    private func create(_ file: File) throws(Failure) {
        let temporary = path(".\(file.name).\(getpid()).tmp")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.mode)
        guard descriptor >= 0 else { throw failure(errno, file.name) }
        defer { unlink(temporary) }
        defer { close(descriptor) }
        // The mask of the process may have taken bits away, but never adds one.
        guard fchmod(descriptor, file.mode) == 0 else { throw failure(errno, file.name) }
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

    private func syncDirectory() throws(Failure) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno, ".") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(errno, ".") }
    }

    /// The path of a file of the set.
    func path(_ name: String) -> String { directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)" }

    private func exists(_ name: String) -> Failure {
        Failure(
            .cannotCreate,
            "\(path(name)) exists already",
            advice: "nothing was written; choose another directory, for a key that is overwritten is lost"
        )
    }

    private func failure(_ code: Int32, _ name: String) -> Failure {
        switch code {
        case EEXIST: exists(name)
        case EACCES, EPERM, EROFS:
            Failure(
                .noPermission,
                "\(path(name)) may not be written",
                advice: "choose another directory or change its permissions"
            )
        case ENOSPC, EDQUOT:
            Failure(.inputOutput, "there is no space left for \(path(name))", advice: "free some, nothing was written")
        default:
            Failure(
                .cannotCreate,
                "\(path(name)) cannot be written: \(SystemError.text(code))",
                advice: "choose another directory"
            )
        }
    }
}
