package import HotStuff
package import PostQuantum

/// A cluster that is about to be founded: a configuration and the keys of its replicas and listeners.
package struct NewCluster: Sendable {
    /// The configuration.
    package let configuration: ClusterConfiguration
    /// One key for each replica, in order, and then one for each listener.
    package let keys: [KeyFile]

    /// The name of the configuration's file.
    package static let configurationName = "config.json"

    /// The name of the file with a replica's key.
    package static func keyName(_ replica: ReplicaID) -> String { "key_\(replica).json" }

    /// Draws keys for replicas that listen at some ports of one machine, all with the same weight and the default settings, and for
    /// listeners that follow them.
    package init(
        name: String,
        scheme: SignatureScheme = .standard,
        parameters: ChainParameters = ChainParameters(),
        keep: KeepPolicy = .all,
        host: String,
        ports: [Int],
        listenerPorts: [Int] = []
    ) throws(ConfigurationError) {
        var replicas: [ReplicaEntry] = []
        var seeds: [SecretBytes] = []
        for (index, port) in ports.enumerated() {
            let seed = scheme.generateSeed()
            let entry = ReplicaEntry(
                id: ReplicaID(UInt16(index)),
                host: host,
                port: port,
                votingPower: VotingPower(1),
                publicKey: try NewCluster.publicKey(of: seed, scheme: scheme)
            )
            replicas.append(entry)
            seeds.append(seed)
        }
        var listeners: [ListenerEntry] = []
        for (index, port) in listenerPorts.enumerated() {
            let seed = scheme.generateSeed()
            let entry = ListenerEntry(
                id: ReplicaID(ReplicaID.listeners.lowerBound.rawValue + UInt16(index)),
                host: host,
                port: port,
                publicKey: try NewCluster.publicKey(of: seed, scheme: scheme)
            )
            listeners.append(entry)
            seeds.append(seed)
        }
        configuration = try ClusterConfiguration(
            name: name,
            scheme: scheme,
            parameters: parameters,
            settings: ConsensusSettings(),
            keep: keep,
            replicas: replicas,
            listeners: listeners,
            file: "the command line"
        )
        keys = try NewCluster.keys(of: configuration, seeds: seeds)
    }

    /// The files to write: every key, which only its owner may read, and then the configuration.
    package var files: [OutputFiles.File] {
        var files = keys.map { key in
            OutputFiles.File(name: NewCluster.keyName(key.id), content: key.fileContent, mode: 0o600)
        }
        let content = configuration.fileContent
        files.append(OutputFiles.File(name: NewCluster.configurationName, content: content, mode: 0o644))
        return files
    }

    static func publicKey(of seed: SecretBytes, scheme: SignatureScheme) throws(ConfigurationError) -> [UInt8] {
        do {
            return try scheme.makeSigner(seed: seed).verificationKey.bytes
        } catch {
            throw ConfigurationError(.keyNotMade, "no key can be made: \(error)", advice: "report this")
        }
    }

    private static func keys(
        of configuration: ClusterConfiguration,
        seeds: [SecretBytes]
    ) throws(ConfigurationError) -> [KeyFile] {
        do throws(KeyError) {
            var keys: [KeyFile] = []
            let ids = configuration.replicas.map(\.id) + configuration.listeners.map(\.id)
            for (id, seed) in zip(ids, seeds) {
                let chain = configuration.genesis.chain
                keys.append(try KeyFile(id: id, chain: chain, scheme: configuration.scheme, seed: seed))
            }
            return keys
        } catch {
            throw ConfigurationError(.keyNotMade, "no key can be made: \(error)", advice: "report this")
        }
    }
}
