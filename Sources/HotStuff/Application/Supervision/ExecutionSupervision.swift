/// How an execution deals with commands on which the application crashes: which ones it skips, and who knows where it is.
public struct ExecutionSupervision: Sendable {
    /// The commands that are not executed.
    public var skipped: SkippedCommands
    /// Who is told what is about to be executed, if anyone is.
    public var witness: (any ExecutionWitness)?

    /// Skips nothing and tells nobody.
    public static var none: ExecutionSupervision { ExecutionSupervision() }

    /// Creates a supervision.
    public init(skipped: SkippedCommands = .none, witness: (any ExecutionWitness)? = nil) {
        self.skipped = skipped
        self.witness = witness
    }

    /// Has a machine execute the commands of a block that are not skipped.
    ///
    /// - Parameters:
    ///   - commands: the fresh commands of the block.
    ///   - digests: their digests.
    ///   - machine: the application.
    ///   - block: the block's height and time.
    /// - Returns: a reply for each command; nil for one that was skipped.
    func execute<Machine: StateMachine>(
        _ commands: [Command],
        digests: [Digest],
        by machine: inout Machine,
        at block: BlockContext
    ) -> [Reply?] {
        let places = skipped.placesOfOthers(commands)
        var replies = [Reply?](repeating: nil, count: commands.count)
        guard let first = places.first else { return replies }
        func described(_ place: Int, _ index: Int) -> WitnessedCommand {
            WitnessedCommand(key: commands[place].key, digest: digests[place], index: index)
        }
        let isOneByOne = witness?.willExecute(places.count, from: described(first, 0), at: block.height) ?? false
        let runs = isOneByOne ? places.map { [$0] } : [places]
        for (index, run) in runs.enumerated() {
            if isOneByOne { witness?.willExecute(described(run[0], index), at: block.height) }
            let given = machine.execute(run.count == commands.count ? commands : run.map { commands[$0] }, at: block)
            precondition(
                given.count == run.count,
                "the application gave \(given.count) replies to \(run.count) commands at height \(block.height)"
            )
            for (place, reply) in zip(run, given) { replies[place] = reply }
        }
        witness?.didExecute(at: block.height)
        return replies
    }
}
