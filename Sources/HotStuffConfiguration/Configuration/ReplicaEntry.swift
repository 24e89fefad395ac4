public import HotStuff
public import HotStuffTransport

/// What everybody knows of one replica: its place, its key, its weight and where it listens.
public struct ReplicaEntry: Equatable, Sendable {
    /// Its place in the validator set.
    public var id: ReplicaID
    /// The name or address of its machine.
    public var host: String
    /// The TCP port on which it listens.
    public var port: Int
    /// The weight of its vote.
    public var votingPower: VotingPower
    /// The public key with which its signatures are verified.
    public var publicKey: [UInt8]

    /// Creates an entry.
    public init(id: ReplicaID, host: String, port: Int, votingPower: VotingPower, publicKey: [UInt8]) {
        self.id = id
        self.host = host
        self.port = port
        self.votingPower = votingPower
        self.publicKey = publicKey
    }

    /// The replica as the transport finds it.
    public var peer: Peer { Peer(id: id, host: host, port: port, verificationKey: publicKey) }

    /// Host and port as people write them.
    public var address: String { NetworkAddress(host: host, port: port).description }
}

extension ReplicaEntry {
    /// The entry as the configuration shows it.
    package var json: JSONValue {
        .object([
            "host": .string(host),
            "id": .integer(UInt64(id.rawValue)),
            "port": .integer(UInt64(port)),
            "publicKey": .string(Base64.encode(publicKey)),
            "votingPower": .integer(votingPower.rawValue),
        ])
    }

    /// Reads an entry.
    package init(json: JSONValue, file: String, path: String) throws(ConfigurationError) {
        let known = ["host", "id", "port", "publicKey", "votingPower"]
        let members = try JSONMembers(json, file: file, path: path, known: known)
        id = ReplicaID(try members.integer("id", in: 0...UInt16(ValidatorSet.maximumCount - 1)))
        (host, port) = try NetworkAddress.read(members)
        publicKey = try members.bytes("publicKey")
        votingPower = VotingPower(try members.integer("votingPower", in: 1...ValidatorSet.maximumTotalPower.rawValue))
    }
}
