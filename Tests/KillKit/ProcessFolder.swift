import Foundation
import HotStuff
import HotStuffConfiguration

/// A folder with a cluster of processes: configuration, keys, data directories and logs.
struct ProcessFolder: Sendable {
    /// The folder, without symbolic links in its path.
    let path: String
    /// The cluster.
    let configuration: ClusterConfiguration

    /// Founds a cluster on free ports.
    ///
    /// - Parameters:
    ///   - path: a folder that is there.
    ///   - name: what the chain is called.
    ///   - replicas: how many replicas it has.
    ///   - snapshotInterval: how many blocks lie between two snapshots.
    /// - Throws: that there are no ports, or no files can be written.
    init(_ path: String, name: String, replicas: Int, snapshotInterval: UInt64) throws {
        self.path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let founded = try NewCluster(
            name: name,
            parameters: ChainParameters(snapshotInterval: snapshotInterval),
            host: "127.0.0.1",
            ports: try FreePorts.draw(replicas)
        )
        configuration = founded.configuration
        try OutputFiles(directory: self.path, files: founded.files).create()
    }

    /// The numbers of the replicas.
    var replicas: Range<Int> { configuration.replicas.indices }

    /// The file of the configuration.
    var configurationFile: String { "\(path)/\(NewCluster.configurationName)" }

    /// The file with a replica's key.
    func keyFile(of replica: Int) -> String { "\(path)/\(NewCluster.keyName(ReplicaID(UInt16(replica))))" }

    /// The data directory of a replica.
    func dataDirectory(of replica: Int) -> String { "\(path)/data_\(replica)" }

    /// The directory with further names of the journal's segments, which thus outlive their removal.
    func keptDirectory(of replica: Int) -> String { "\(path)/kept_\(replica)" }

    /// The file with all that a replica says.
    func logFile(of replica: Int) -> String { "\(path)/replica_\(replica).log" }

    /// The file that names the call inside which a replica was killed.
    func reportFile(of replica: Int) -> String { "\(path)/killed_\(replica)" }
}

/// Why a hunt cannot go on, in words for people.
package struct KillHuntError: Error, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
}
