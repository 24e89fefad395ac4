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
            ports: try Self.freePorts(replicas)
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

    /// Ports of the loopback interface on which nobody listens, below those that the system lends to outgoing connections.
    private static func freePorts(_ count: Int) throws -> [Int] {
        var ports: Set<Int> = []
        for _ in 0..<4_096 where ports.count < count {
            let port = Int.random(in: 20_000..<32_000)
            if isFree(port) { ports.insert(port) }
        }
        guard ports.count == count else { throw KillHuntError("there are no \(count) free ports on 127.0.0.1") }
        return ports.sorted()
    }

    private static func isFree(_ port: Int) -> Bool {
        #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Why a hunt cannot go on, in words for people.
package struct KillHuntError: Error, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
}
