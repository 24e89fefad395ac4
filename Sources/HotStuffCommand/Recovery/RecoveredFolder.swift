import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// The directory with the beginning of a new chain, which appears whole or not at all.
///
/// It is made under another name beside it, synced, and renamed.
struct RecoveredFolder {
    /// The directory, as the user named it.
    let path: String
    private let parent: String

    /// Checks that nothing is in the way.
    init(_ path: String) throws(Failure) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        parent = (path as NSString).deletingLastPathComponent
        try checkThatNothingIsThere()
    }

    /// Writes configuration and data.
    ///
    /// - Parameters:
    ///   - chain: what was restored.
    ///   - configuration: the configuration of the new chain.
    /// - Returns: the bytes of the data.
    /// - Throws: what cannot be written; nothing is there then.
    func write(_ chain: RescuedChain<some StateMachine>, _ configuration: ClusterConfiguration) throws -> UInt64 {
        let unfinished = "\(path).\(getpid()).unfinished"
        do {
            if !parent.isEmpty {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            }
            guard mkdir(unfinished, 0o755) == 0 else { throw failure(errno) }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.cannotCreate, "\(parent) cannot be created", advice: "choose another place with --out")
        }
        do {
            let disk = try RealDisk(path: unfinished + "/data", createIfMissing: true)
            try chain.write(configuration.genesis, to: disk)
            let content = configuration.fileContent
            let file = OutputFiles.File(name: NewCluster.configurationName, content: content, mode: 0o644)
            try OutputFiles(directory: unfinished, files: [file]).create()
            var byteCount: UInt64 = 0
            for name in try disk.names() { byteCount += try disk.open(name, .existing).size() }
            try checkThatNothingIsThere()
            guard rename(unfinished, path) == 0 else { throw failure(errno) }
            try RealDisk(path: parent.isEmpty ? "." : parent, createIfMissing: false).syncDirectory()
            return byteCount
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            switch error {
            case is Failure, is ConfigurationError: throw error
            default: throw Failure(.inputOutput, "\(error)", advice: "check the disk of \(path); nothing was written")
            }
        }
    }

    private func checkThatNothingIsThere() throws(Failure) {
        var status = stat()
        guard lstat(path, &status) != 0 else {
            throw Failure(.cannotCreate, "\(path) exists already", advice: "choose another place with --out")
        }
    }

    private func failure(_ code: Int32) -> Failure {
        Failure(
            .cannotCreate,
            "\(path) cannot be created: \(String(cString: strerror(code)))",
            advice: "choose another place with --out"
        )
    }
}
