internal import HotStuff

/// A state on its way up to a certified block, block by block, each checked before it is executed.
struct RescueAscent<Machine: StateMachine> {
    /// The state, as far as it is.
    private(set) var execution: Execution<Machine>
    /// The header of the last block that was executed; none before the first.
    private(set) var header: BlockHeader?
    /// The highest height whose state a quorum has confirmed; none if none has.
    private(set) var provedHeight: Height?
    private var tip: Digest
    private var history: ExecutionHistory
    private let rules: BlockRules

    /// Begins with a state, the name of the block behind which it is, and whether a quorum has confirmed it.
    init(from execution: Execution<Machine>, behind block: Digest, isProved: Bool, rules: BlockRules) {
        self.execution = execution
        provedHeight = isProved ? execution.executed.height : nil
        self.rules = rules
        tip = block
        history = ExecutionHistory([execution.executed])
    }

    /// The height that was executed last.
    var height: Height { execution.executed.height }

    /// The name of the block that was executed last.
    var block: Digest { tip }

    /// Executes the next block, which a certificate above it proves: what its header says was executed must be what was.
    mutating func take(_ block: Block) throws(RescueObstacle) {
        guard block.height.follows(height), block.header.parent == tip, rules.fault(of: block) == nil else {
            throw .missing(block.height)
        }
        let claim = block.header.executed
        if case .digest(let digest) = history.answer(at: claim.height) {
            guard digest == claim.digest else { throw .otherState(claim.height, saidBy: block.height) }
            provedHeight = claim.height
        }
        _ = execution.execute(block)
        history.append(execution.executed)
        tip = block.id
        header = block.header
    }
}
