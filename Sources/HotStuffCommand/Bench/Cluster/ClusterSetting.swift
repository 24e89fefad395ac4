import HotStuff
import HotStuffConfiguration

/// The cluster that is measured, and what is asked of it.
struct ClusterSetting: Equatable, Sendable {
    /// The number of replicas.
    var replicas: Int
    /// How they sign.
    var signature: SignatureOption
    /// The parameters of the chain.
    var parameters: ChainParameters
    /// What a vote must survive before it leaves.
    var durability: DurabilityOption
    /// The bytes of the value that each command writes.
    var payload: Int
    /// How many clients submit.
    var clients: Int
    /// How many commands are on their way, those of all clients together.
    var outstanding: Int
    /// Whether all replicas run in this process, so that a profiler sees them.
    var isInProcess: Bool

    /// The sessions of all clients: one holds no more than so many commands on their way.
    var sessionCount: Int { max(clients, (outstanding + Self.sessionCapacity - 1) / Self.sessionCapacity) }

    /// The commands that one session has on their way at most.
    static let sessionCapacity = 2_048

    /// The setting as JSON.
    var json: [String: JSONValue] {
        [
            "blockSize": .integer(UInt64(parameters.maximumCommandsPerBlock)),
            "clients": .integer(UInt64(clients)),
            "durability": .string(durability.rawValue),
            "election": .string(parameters.leaderElection.name),
            "inProcess": .boolean(isInProcess),
            "outstanding": .integer(UInt64(outstanding)),
            "payload": .integer(UInt64(payload)),
            "replicas": .integer(UInt64(replicas)),
            "routing": .string(parameters.voteRouting.name),
            "rule": .string(parameters.commitRule.name),
            "sessions": .integer(UInt64(sessionCount)),
            "signature": .string(signature.rawValue),
        ]
    }

    /// The setting in words.
    var description: String {
        "\(Figures.count(replicas, "replica"))\(isInProcess ? " in one process" : ""), \(signature.rawValue), \(durability.rawValue), "
            + "\(parameters.leaderElection.name), votes to \(parameters.voteRouting.name), \(parameters.commitRule.name); "
            + "blocks of at most \(parameters.maximumCommandsPerBlock), \(Figures.count(payload, "byte")) of payload, "
            + "\(Figures.count(outstanding)) outstanding in \(Figures.count(sessionCount, "session"))"
    }
}
