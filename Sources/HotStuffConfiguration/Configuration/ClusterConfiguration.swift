public import HotStuff
public import HotStuffTransport
public import PostQuantum

/// The configuration of a cluster: what makes the chain, who takes part, and how patient a replica is.
///
/// All replicas and clients share one file. Name, keys, powers, scheme, `chain` parameters and the origin make the chain's identity;
/// addresses, `replica` settings and the listeners may be changed later.
public struct ClusterConfiguration: Equatable, Sendable {
    /// The name for people.
    public let name: String
    /// The scheme of all keys and signatures.
    public let scheme: SignatureScheme
    /// The numbers that decide which blocks are valid.
    public let parameters: ChainParameters
    /// The numbers of one replica that others need not share.
    public let settings: ConsensusSettings
    /// Which final blocks a replica keeps, if its command line says nothing else.
    public let keep: KeepPolicy
    /// The replicas, each at the place of its identity.
    public let replicas: [ReplicaEntry]
    /// Those that follow the chain without a vote, by identity; they are no part of the chain's identity.
    public private(set) var listeners: [ListenerEntry]
    /// The document with which the chain begins.
    public let genesis: Genesis

    /// The version of the file's format.
    public static let version: UInt64 = 1
    /// The most bytes of a chain's name.
    public static let maximumNameByteCount = 64

    /// Creates a configuration, or says what contradicts what.
    ///
    /// Replicas and listeners may stand in any order. Complaints name the file.
    public init(
        name: String,
        scheme: SignatureScheme,
        parameters: ChainParameters,
        settings: ConsensusSettings,
        keep: KeepPolicy = .all,
        replicas: [ReplicaEntry],
        listeners: [ListenerEntry] = [],
        origin: Origin? = nil,
        file: String
    ) throws(ConfigurationError) {
        guard ClusterConfiguration.isName(name) else {
            throw ConfigurationError(
                .malformed,
                "name is \(PrintableText.quoted(name)) in \(file)",
                advice: "1 to \(ClusterConfiguration.maximumNameByteCount) bytes of printable text belong there"
            )
        }
        self.name = name
        self.scheme = scheme
        self.parameters = parameters
        self.settings = settings
        self.keep = keep
        self.replicas = try ReplicaEntry.ordered(replicas, file: file)
        self.listeners = []
        let validators = try ReplicaEntry.validators(self.replicas, file: file)
        if let obstacle = parameters.obstacle(among: validators.validators.map(\.power.rawValue)) {
            throw ConfigurationError(
                .contradictory,
                "chain: \(obstacle), in \(file)",
                advice: "choose \(obstacle.remedies.map(\.description).joined(separator: ", or "))"
            )
        }
        genesis = Genesis(
            name: name,
            validators: validators,
            signatureScheme: scheme.rawValue,
            parameters: parameters,
            origin: origin
        )
        try replaceListeners(by: listeners, file: file)
    }

    /// The entry of a replica, if there is one.
    public func replica(_ id: ReplicaID) -> ReplicaEntry? {
        id.index < replicas.count ? replicas[id.index] : nil
    }

    /// The public key of a replica or of a listener, if there is one.
    public func publicKey(of id: ReplicaID) -> [UInt8]? {
        replica(id)?.publicKey ?? listeners.first { $0.id == id }?.publicKey
    }

    /// The replicas as the transport of a client finds them: those whose answers count.
    public var peers: [Peer] { replicas.map(\.peer) }

    /// The replicas and the listeners, as the transport of one of them finds them.
    public var neighbours: [Peer] { peers + listeners.map(\.peer) }

    /// The same configuration with other listeners.
    package func with(listeners: [ListenerEntry], file: String) throws(ConfigurationError) -> ClusterConfiguration {
        var changed = self
        try changed.replaceListeners(by: listeners, file: file)
        return changed
    }

    /// The configuration of the chain that has another election of leaders and is the same in all else.
    ///
    /// - Parameters:
    ///   - election: who leads which view, without fault.
    ///   - file: what complaints name.
    /// - Returns: the configuration; of another chain, unless the election was this one before.
    /// - Throws: what contradicts what, which was not so before.
    package func with(
        election: LeaderElectionRule,
        file: String
    ) throws(ConfigurationError) -> ClusterConfiguration {
        var parameters = parameters
        parameters.leaderElection = election
        return try with(parameters: parameters, replicas: replicas, file: file)
    }

    /// The configuration of the same chain in which the replicas are elsewhere.
    ///
    /// - Parameters:
    ///   - replicas: the same replicas with other addresses.
    ///   - file: what complaints name.
    /// - Returns: the configuration.
    /// - Throws: what contradicts what, which was not so before.
    package func with(
        replicas: [ReplicaEntry],
        file: String
    ) throws(ConfigurationError) -> ClusterConfiguration {
        try with(parameters: parameters, replicas: replicas, file: file)
    }

    private func with(
        parameters: ChainParameters,
        replicas: [ReplicaEntry],
        file: String
    ) throws(ConfigurationError) -> ClusterConfiguration {
        try ClusterConfiguration(
            name: name,
            scheme: scheme,
            parameters: parameters,
            settings: settings,
            keep: keep,
            replicas: replicas,
            listeners: listeners,
            origin: genesis.origin,
            file: file
        )
    }

    private mutating func replaceListeners(by others: [ListenerEntry], file: String) throws(ConfigurationError) {
        listeners = try ListenerEntry.ordered(others, file: file)
        try NeighbourChecks.check(neighbours, scheme: scheme, file: file)
    }

    /// The configuration of the chain that goes on from this one, by the same replicas or by those of another configuration.
    ///
    /// - Parameters:
    ///   - origin: where that chain begins.
    ///   - others: whose replicas, listeners and scheme take the place of those of this one; nil if they stay.
    ///   - file: what complaints name.
    /// - Returns: the configuration.
    /// - Throws: what contradicts what.
    package func goingOn(
        from origin: Origin,
        with others: ClusterConfiguration?,
        file: String
    ) throws(ConfigurationError) -> ClusterConfiguration {
        let cast = others ?? self
        return try ClusterConfiguration(
            name: name,
            scheme: cast.scheme,
            parameters: parameters,
            settings: settings,
            keep: keep,
            replicas: cast.replicas,
            listeners: cast.listeners,
            origin: origin,
            file: file
        )
    }

    /// Whether a text can be the name of a chain.
    public static func isName(_ text: String) -> Bool {
        (1...maximumNameByteCount).contains(text.utf8.count) && PrintableText.of(text) == text
    }
}
