import HotStuff
import HotStuffConfiguration
import HotStuffReplica

/// What the disks of all replicas hold in the end, compared with each other and with what the client was told.
struct ChainCheck {
    /// The number of final blocks.
    private(set) var blocks = 0
    /// How many of the confirmed commands were executed not once.
    private(set) var lost = 0
    /// How many commands were executed more than once.
    private(set) var repeated = 0
    /// What must not be, a line each.
    private(set) var violations: [String] = []

    /// Reads the chains of replicas that do not run, and executes one of them anew.
    init(of folder: ProcessFolder, acknowledged: [UInt64: Height], told: ReplicaStatus?) throws {
        let genesis = folder.configuration.genesis
        var execution = Execution(
            machine: CountingMachine(),
            snapshotInterval: genesis.parameters.snapshotInterval
        )
        var first: [Digest] = []
        for replica in folder.replicas {
            var names: [Digest] = []
            var parent = genesis.header.id
            var isSound = true
            try ChainReader.readCommitted(
                dataDirectory: folder.dataDirectory(of: replica),
                genesis: genesis,
                replica: ReplicaID(UInt16(replica))
            ) { block in
                isSound = isSound && block.header.parent == parent && block.payload.digest == block.header.payloadDigest
                parent = block.id
                names.append(block.id)
                if replica == 0, block.height.follows(execution.executed.height) { _ = execution.execute(block) }
            }
            if !isSound { violations.append("the chain of replica \(replica) is not one") }
            if replica == 0 { first = names }
            if names != first {
                violations.append(
                    "replica \(replica) has \(names.count) blocks, which are not the \(first.count) of replica 0"
                )
            }
        }
        blocks = first.count
        if let told, told.executed != execution.executed || told.applicationState != execution.machine.stateDigest {
            violations.append("the chain executed anew gives another state than the replicas told")
        }
        count(acknowledged, in: execution.machine.executions)
    }

    private mutating func count(_ acknowledged: [UInt64: Height], in executions: [UInt64: Int]) {
        let missing = acknowledged.keys.filter { executions[$0] == nil }.sorted()
        lost = missing.count
        if let number = missing.first {
            violations.append("\(lost) confirmed commands are not in the chain, the first is number \(number)")
        }
        let twice = executions.filter { $0.value > 1 }.keys.sorted()
        repeated = twice.count
        if let number = twice.first {
            violations.append("\(repeated) commands were executed more than once, the first is number \(number)")
        }
    }
}
