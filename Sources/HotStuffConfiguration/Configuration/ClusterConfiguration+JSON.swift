import HotStuff
import PostQuantum

extension ClusterConfiguration {
    /// The configuration as its file shows it.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "chain": parameters.json,
            "chainID": .string(genesis.chain.description),
            "name": .string(name),
            "replica": settings.json(keeping: keep),
            "replicas": .list(replicas.map(\.json)),
            "signatureScheme": .string(scheme.rawValue),
            "version": .integer(ClusterConfiguration.version),
        ]
        if let origin = genesis.origin { members["origin"] = origin.json }
        if !listeners.isEmpty { members["listeners"] = .list(listeners.map(\.json)) }
        return .object(members)
    }

    /// Reads a configuration file.
    public static func read(_ file: String) throws(ConfigurationError) -> ClusterConfiguration {
        let bytes = try InputFile.read(
            file,
            what: "a configuration",
            advice: "make one with hotstuff keygen, or name another with --config"
        )
        return try ClusterConfiguration(decoding: bytes, file: file)
    }

    /// Reads the content of a configuration file; complaints name the file.
    public init(decoding bytes: [UInt8], file: String) throws(ConfigurationError) {
        try self.init(json: try JSONFile.parse(bytes, file: file), file: file)
    }

    /// The content of its file.
    public var fileContent: [UInt8] { Array(json.prettyText.utf8) }

    /// Reads a configuration.
    package init(json: JSONValue, file: String) throws(ConfigurationError) {
        let known = [
            "chain", "chainID", "listeners", "name", "origin", "replica", "replicas", "signatureScheme", "version",
        ]
        let members = try JSONMembers(json, file: file, known: known)
        try JSONFile.checkVersion(members, known: ClusterConfiguration.version)
        var replicas: [ReplicaEntry] = []
        for (index, entry) in try members.list("replicas").enumerated() {
            replicas.append(try ReplicaEntry(json: entry, file: file, path: "replicas[\(index)]"))
        }
        var listeners: [ListenerEntry] = []
        for (index, entry) in (members.contains("listeners") ? try members.list("listeners") : []).enumerated() {
            listeners.append(try ListenerEntry(json: entry, file: file, path: "listeners[\(index)]"))
        }
        let settings = members.contains("replica") ? try members.value("replica") : .object([:])
        try self.init(
            name: try members.text("name"),
            scheme: try JSONFile.scheme(members),
            parameters: try ChainParameters(json: try members.value("chain"), file: file, path: "chain"),
            settings: try ConsensusSettings(json: settings, file: file, path: "replica"),
            keep: try KeepPolicy(settings: settings, file: file, path: "replica"),
            replicas: replicas,
            listeners: listeners,
            origin: members.contains("origin")
                ? try Origin(json: try members.value("origin"), file: file, path: "origin") : nil,
            file: file
        )
        let named = try JSONFile.chain(members)
        guard named == genesis.chain else {
            throw ConfigurationError(
                .contradictory,
                "chainID is \(named.short)… in \(file), but what the file says makes chain \(genesis.chain.short)…",
                advice: "undo the change of name, keys, powers, scheme, chain parameters or origin, or make a new chain"
            )
        }
    }
}
