import HotStuff
import HotStuffConfiguration
import HotStuffReplica

/// The committed chain of one data directory, read from disk and executed anew.
struct ChainSummary: Equatable, Sendable {
    /// The names of the blocks from height 1 on; headers are equal exactly if their names are.
    private(set) var blocks: [Digest] = []
    /// Whether every payload is the one that its header names, and every block extends the one before.
    private(set) var isSound = true
    /// The number of commands that the application has executed.
    private(set) var executedCommands: UInt64 = 0
    /// What was executed in the end.
    private(set) var executed = ExecutedState.genesis
    /// The digest of the application's state in the end.
    private(set) var applicationState = Digest.zero

    /// Reads the chain of a replica that does not run.
    init(of replica: ReplicaID, in testnet: Testnet) throws(Failure) {
        let genesis = testnet.configuration.genesis
        let directory = testnet.dataDirectory(of: replica)
        var blocks: [Digest] = []
        var isSound = true
        var execution = Execution(
            machine: KeyValueStore(),
            snapshotInterval: genesis.parameters.snapshotInterval
        )
        do {
            try ChainReader.readCommitted(dataDirectory: directory, genesis: genesis, replica: replica) { block in
                let parent = blocks.last ?? genesis.header.id
                isSound =
                    isSound && block.payload.digest == block.header.payloadDigest && block.header.parent == parent
                    && block.height.follows(execution.executed.height)
                blocks.append(block.id)
                if isSound { _ = execution.execute(block) }
            }
        } catch {
            throw Failure(error, dataDirectory: directory)
        }
        self.blocks = blocks
        self.isSound = isSound
        executedCommands = execution.executedCommands
        executed = execution.executed
        applicationState = execution.machine.stateDigest
    }
}
