internal import HotStuff

// What a final block does to the state.
extension Workload {
    static let execution = [
        Workload("Block of 400 commands: execute in the key-value store", repetitions: 16) { count in
            // The first block opens the session; the next ones give every key a value, and fill the memory of results.
            let rounds = (SampleCommands.keyCount - 1) / UInt64(SampleCommands.perBlock) + 1
            var execution = Execution(machine: KeyValueStore())
            consume(execution.execute(block(1, [.openSession(nonce: 1)])))
            for round in 0..<rounds { consume(execution.execute(block(2 + round, commands(ofRound: round)))) }
            let session = SampleCommands.session
            try WorkloadFault.unless(execution.sessions.contains(session), "the session is not \(session)")
            let blocks = (rounds..<rounds + UInt64(count)).map { block(2 + $0, commands(ofRound: $0)) }
            return { index in
                let results = execution.execute(blocks[index])
                guard case .executed = results.last?.outcome else { throw WorkloadFault("a command is not executed") }
                consume(results)
            }
        }
    ]

    private static func commands(ofRound round: UInt64) -> [Command] {
        SampleCommands.puts(SampleCommands.perBlock, from: round * UInt64(SampleCommands.perBlock) + 1)
    }

    private static func block(_ height: UInt64, _ commands: [Command]) -> Block {
        let payload = Payload(commands)
        let header = BlockHeader(
            chain: .zero,
            epoch: .first,
            view: View(height),
            height: Height(height),
            parent: .zero,
            justifyView: View(height - 1),
            proposer: ReplicaID(0),
            payloadDigest: payload.digest,
            executed: .genesis,
            time: Timestamp(0)
        )
        return Block(bare: header, payload: payload)
    }
}
