@_spi(Benchmarks) internal import HotStuff

// Commands from their arrival to their end in the pool, 400 at a time.
extension Workload {
    static let pool = [
        Workload("Command pool: add 400 commands", repetitions: 16) { count in
            var pools = (0..<count).map { _ in usedPool() }
            let commands = commands(ofRound: 2)
            return { index in
                add(commands, to: &pools[index])
                try WorkloadFault.unless(pools[index].count == commands.count, "a command is not taken")
            }
        },
        Workload("Command pool: take 400 commands for a block", repetitions: 100) { _ in
            var pool = usedPool()
            let commands = commands(ofRound: 2)
            add(commands, to: &pool)
            let filled = pool
            let parameters = ChainParameters()
            return { _ in
                let batch = filled.batch(
                    maximumCount: Int(parameters.maximumCommandsPerBlock),
                    maximumBytes: Int(parameters.maximumPayloadBytes)
                )
                try WorkloadFault.unless(batch.count == commands.count, "a command is not taken")
                consume(batch)
            }
        },
        Workload("Command pool: remove 400 commands that are final", repetitions: 16) { count in
            let commands = commands(ofRound: 2)
            var pools = (0..<count).map { _ in
                var pool = usedPool()
                add(commands, to: &pool)
                return pool
            }
            return { index in
                pools[index].commit(commands)
                try WorkloadFault.unless(pools[index].isEmpty, "a command that is final stays")
            }
        },
    ]

    /// A pool through which so many commands went that its tables have grown, and each new one pushes an old one out.
    private static func usedPool() -> CommandPool {
        var pool = CommandPool(
            maximumCount: 20_000,
            maximumBytes: 64 << 20,
            rememberedCount: 2 * SampleCommands.perBlock
        )
        for round in 0..<2 {
            let commands = commands(ofRound: round)
            add(commands, to: &pool)
            pool.commit(commands)
        }
        return pool
    }

    private static func commands(ofRound round: Int) -> [Command] {
        SampleCommands.puts(SampleCommands.perBlock, from: UInt64(round * SampleCommands.perBlock + 1))
    }

    private static func add(_ commands: [Command], to pool: inout CommandPool) {
        for command in commands { consume(pool.insert(command, at: Instant(0), origin: .client)) }
    }
}
