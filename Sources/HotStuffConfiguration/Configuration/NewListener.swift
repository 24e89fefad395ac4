package import HotStuff
import PostQuantum

/// A listener that is about to join a cluster: its key, and the cluster's configuration with it.
package struct NewListener: Sendable {
    /// The configuration with the listener.
    package let configuration: ClusterConfiguration
    /// The listener's key.
    package let key: KeyFile

    /// Draws a key for a listener, under the lowest identity that is free and pleases.
    ///
    /// Complaints name the file of the configuration.
    package init(
        joining cluster: ClusterConfiguration,
        at address: NetworkAddress,
        file: String,
        where isFree: (ReplicaID) -> Bool = { _ in true }
    ) throws(ConfigurationError) {
        let ids = ReplicaID.listeners
        let id = (ids.lowerBound.rawValue...ids.upperBound.rawValue).lazy.map { ReplicaID($0) }
            .first { id in !cluster.listeners.contains { $0.id == id } && isFree(id) }
        guard let id else {
            throw ConfigurationError(
                .notCreated,
                "no identity of a listener is free beside \(file)",
                advice: "remove the key files of listeners that are no more"
            )
        }
        let seed = cluster.scheme.generateSeed()
        let entry = ListenerEntry(
            id: id,
            host: address.host,
            port: address.port,
            publicKey: try NewCluster.publicKey(of: seed, scheme: cluster.scheme)
        )
        configuration = try cluster.with(listeners: cluster.listeners + [entry], file: file)
        do {
            key = try KeyFile(id: id, chain: cluster.genesis.chain, scheme: cluster.scheme, seed: seed)
        } catch {
            throw ConfigurationError(.keyNotMade, "no key can be made: \(error)", advice: "report this")
        }
    }

    /// Writes the key, which must be new, and then the configuration over the one in the file; both or none.
    ///
    /// - Returns: the path of the key.
    package func write(keyIn directory: String, configuration file: String) throws(ConfigurationError) -> String {
        let name = NewCluster.keyName(key.id)
        let files = OutputFiles(
            directory: directory,
            files: [OutputFiles.File(name: name, content: key.fileContent, mode: 0o600)]
        )
        try files.create()
        do throws(ConfigurationError) {
            try ReplacedFile.write(configuration.fileContent, over: file)
        } catch {
            // A file that names the key although its directory could not be synced needs the key.
            if (try? ClusterConfiguration.read(file)) != configuration { files.remove() }
            throw error
        }
        return files.path(name)
    }
}
