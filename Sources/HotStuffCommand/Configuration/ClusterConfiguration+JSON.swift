import HotStuff
import PostQuantum

extension ClusterConfiguration {
    /// The configuration as its file shows it.
    var json: JSONValue {
        .object([
            "chain": parameters.json,
            "chainID": .string(genesis.chain.description),
            "name": .string(name),
            "replica": settings.json,
            "replicas": .list(replicas.map(\.json)),
            "signatureScheme": .string(scheme.rawValue),
            "version": .integer(ClusterConfiguration.version),
        ])
    }

    /// Reads a configuration file.
    static func read(_ file: String) throws(Failure) -> ClusterConfiguration {
        let bytes = try InputFile.read(
            file,
            what: "a configuration",
            advice: "make one with hotstuff keygen, or name another with --config"
        )
        return try ClusterConfiguration(json: try JSONFile.parse(bytes, file: file), file: file)
    }

    /// Reads a configuration.
    init(json: JSONValue, file: String) throws(Failure) {
        let known = ["chain", "chainID", "name", "replica", "replicas", "signatureScheme", "version"]
        let members = try JSONMembers(json, file: file, known: known)
        try JSONFile.checkVersion(members, known: ClusterConfiguration.version)
        var replicas: [ReplicaEntry] = []
        for (index, entry) in try members.list("replicas").enumerated() {
            replicas.append(try ReplicaEntry(json: entry, file: file, path: "replicas[\(index)]"))
        }
        let settings = members.contains("replica") ? try members.value("replica") : .object([:])
        try self.init(
            name: try members.text("name"),
            scheme: try JSONFile.scheme(members),
            parameters: try ChainParameters(json: try members.value("chain"), file: file, path: "chain"),
            settings: try ConsensusSettings(json: settings, file: file, path: "replica"),
            replicas: replicas,
            file: file
        )
        let named = try JSONFile.chain(members)
        guard named == genesis.chain else {
            throw Failure(
                .configuration,
                "chainID is \(named.short)… in \(file), but what the file says makes chain \(genesis.chain.short)…",
                advice: "undo the change of name, keys, powers, scheme or chain parameters, or make a new chain"
            )
        }
    }
}
