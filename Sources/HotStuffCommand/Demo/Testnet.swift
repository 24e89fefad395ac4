import Foundation
import HotStuff
import HotStuffConfiguration
import PostQuantum

/// A folder with everything of a local cluster: configuration, keys, data directories and logs.
struct Testnet: Sendable {
    /// The folder.
    let directory: String
    /// The cluster.
    let configuration: ClusterConfiguration
    /// Whether the folder stays when the demo is over.
    let isKept: Bool
    /// That the folder goes when the program is interrupted, unless it stays.
    private let pledge: Interruption.Pledge?
    /// The replicas that have a configuration of their own, in which others are elsewhere.
    private(set) var ownConfigurations: Set<ReplicaID> = []

    /// Founds a cluster on free ports of this machine.
    ///
    /// The folder that is named is made and kept; without one a temporary folder is used.
    init(
        replicas: Int,
        scheme: SignatureScheme,
        parameters: ChainParameters = ChainParameters(),
        keep: KeepPolicy = .all,
        keptIn directory: String?
    ) throws {
        let ports = try FreePorts.draw(replicas)
        let cluster = try NewCluster(
            name: "demo",
            scheme: scheme,
            parameters: parameters,
            keep: keep,
            host: "127.0.0.1",
            ports: ports
        )
        isKept = directory != nil
        if let directory {
            self.directory = directory
            pledge = nil
        } else {
            let folder = try Testnet.makeTemporaryDirectory()
            self.directory = folder
            pledge = Interruption.pledge { Testnet.remove(folder) }
        }
        configuration = cluster.configuration
        do {
            try OutputFiles(directory: self.directory, files: cluster.files).create()
        } catch {
            remove()
            throw error
        }
    }

    /// The file of the configuration.
    var configurationFile: String { path(NewCluster.configurationName) }

    /// The file of the configuration that a replica is started with.
    func configurationFile(of replica: ReplicaID) -> String {
        ownConfigurations.contains(replica) ? path(Testnet.configurationName(of: replica)) : configurationFile
    }

    /// Gives a replica a configuration of its own, in which the others have these addresses.
    mutating func write(_ entries: [ReplicaEntry], for replica: ReplicaID) throws {
        let own = try configuration.with(replicas: entries, file: Testnet.configurationName(of: replica))
        let file = OutputFiles.File(
            name: Testnet.configurationName(of: replica),
            content: own.fileContent,
            mode: 0o644
        )
        try OutputFiles(directory: directory, files: [file]).create()
        ownConfigurations.insert(replica)
    }

    private static func configurationName(of replica: ReplicaID) -> String { "config_\(replica).json" }

    /// The file with a replica's key.
    func keyFile(of replica: ReplicaID) -> String { path(NewCluster.keyName(replica)) }

    /// The data directory of a replica.
    func dataDirectory(of replica: ReplicaID) -> String { path("data_\(replica)") }

    /// The file with all that a replica says.
    func logFile(of replica: ReplicaID) -> String { path("replica_\(replica).log") }

    /// Removes the folder, unless it is to be kept.
    func remove() {
        guard !isKept else { return }
        Testnet.remove(directory)
        pledge?.takeBack()
    }

    private static func remove(_ directory: String) {
        // What cannot be removed stays in the folder for temporary files, which the system empties.
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private static func makeTemporaryDirectory() throws(Failure) -> String {
        let parent = NSTemporaryDirectory()
        var template = Array("\(parent.hasSuffix("/") ? parent : parent + "/")hotstuff-demo-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else {
            throw Failure(
                .cannotCreate,
                "no folder can be made in \(parent): \(SystemError.text(errno))",
                advice: "name one with --keep, or another place for all with TMPDIR"
            )
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
