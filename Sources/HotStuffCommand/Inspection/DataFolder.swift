import HotStuffStorage

/// A data directory that is only read.
enum DataFolder {
    /// Opens it, or says why not.
    static func open(_ path: String) throws(Failure) -> RealDisk {
        do {
            return try RealDisk(reading: path)
        } catch {
            throw Failure(error, dataDirectory: path)
        }
    }

    /// The failure of a directory without anything of a replica.
    static func nothing(in path: String) -> Failure {
        Failure(
            .noInput,
            "\(path) holds neither a journal nor an archive",
            advice: "name the directory of a replica with --data-dir"
        )
    }
}

extension Failure {
    /// Creates the failure of a disk on which a data directory is read.
    init(_ error: DiskError, dataDirectory: String) {
        if error.isMissing || error.isNoDirectory {
            let what = error.isMissing ? "there is no" : "it is no directory:"
            self.init(.noInput, "\(what) \(error.path)", advice: "name the directory of a replica with --data-dir")
        } else if error.isNotPermitted {
            self.init(.noPermission, "\(error)", advice: "give this user the right to read it")
        } else {
            self.init(.inputOutput, "\(error)", advice: "check the disk of \(dataDirectory)")
        }
    }

    /// Creates the failure of a directory that is not one to audit.
    init(_ refusal: AuditRefusal, dataDirectory: String, config: String) {
        switch refusal {
        case .nothing: self = DataFolder.nothing(in: dataDirectory)
        case .otherChain, .otherOwner:
            self.init(
                .configuration,
                "\(refusal) of \(config)",
                advice: "name the configuration of its chain with --config"
            )
        case .unknownFormat:
            self.init(.configuration, "\(refusal)", advice: "use the version of this program that wrote it")
        case .disk(let error): self.init(error, dataDirectory: dataDirectory)
        }
    }
}
