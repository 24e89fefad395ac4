public import HotStuff
public import HotStuffTransport

/// What everybody knows of one listener: its identity, its key and where it listens.
///
/// It has no weight, for it has no vote.
public struct ListenerEntry: Equatable, Sendable {
    /// Its identity, which no replica can have.
    public var id: ReplicaID
    /// The name or address of its machine.
    public var host: String
    /// The TCP port on which it listens for clients.
    public var port: Int
    /// The public key with which it proves who it is.
    public var publicKey: [UInt8]

    /// Creates an entry.
    public init(id: ReplicaID, host: String, port: Int, publicKey: [UInt8]) {
        self.id = id
        self.host = host
        self.port = port
        self.publicKey = publicKey
    }

    /// The listener as the transport finds it.
    public var peer: Peer { Peer(id: id, host: host, port: port, verificationKey: publicKey) }

    /// Host and port as people write them.
    public var address: String { NetworkAddress(host: host, port: port).description }
}

extension ListenerEntry {
    /// The entry as the configuration shows it.
    var json: JSONValue {
        .object([
            "host": .string(host),
            "id": .integer(UInt64(id.rawValue)),
            "port": .integer(UInt64(port)),
            "publicKey": .string(Base64.encode(publicKey)),
        ])
    }

    /// Reads an entry.
    init(json: JSONValue, file: String, path: String) throws(ConfigurationError) {
        let members = try JSONMembers(json, file: file, path: path, known: ["host", "id", "port", "publicKey"])
        let ids = ReplicaID.listeners
        id = ReplicaID(try members.integer("id", in: ids.lowerBound.rawValue...ids.upperBound.rawValue))
        (host, port) = try NetworkAddress.read(members)
        publicKey = try members.bytes("publicKey")
    }

    /// The listeners in the order of their identities, of which there may be gaps.
    static func ordered(_ listeners: [ListenerEntry], file: String) throws(ConfigurationError) -> [ListenerEntry] {
        guard listeners.count <= ReplicaID.maximumListenerCount else {
            throw ConfigurationError(
                .contradictory,
                "there are \(listeners.count) listeners in \(file)",
                advice: "\(ReplicaID.maximumListenerCount) are allowed"
            )
        }
        let ids = "from \(ReplicaID.listeners.lowerBound) to \(ReplicaID.listeners.upperBound)"
        let ordered = listeners.sorted { $0.id < $1.id }
        for listener in ordered where !listener.id.isListener {
            throw ConfigurationError(
                .contradictory,
                "listener \(listener.id) has the id of a replica in \(file)",
                advice: "use one \(ids)"
            )
        }
        for (first, second) in zip(ordered, ordered.dropFirst()) where first.id == second.id {
            throw ConfigurationError(
                .contradictory,
                "two listeners have the id \(first.id) in \(file)",
                advice: "give each its own, \(ids)"
            )
        }
        return ordered
    }
}
