/// What a replica executes and tells: the execution, and the results that wait for the journal.
///
/// A result is told only when the journal is durable through the commit of its block: until then a replica that loses its power
/// could forget that it ever knew.
public struct Executor<Machine: StateMachine>: Sendable {
    /// The executed state.
    public private(set) var execution: Execution<Machine>
    private var durable = JournalPosition.start
    /// The results that have not been told, in the order of their blocks.
    private var unreported: [UnreportedResults] = []
    private var openings = RecentOpenings()

    /// Begins where an execution stands.
    ///
    /// - Parameters:
    ///   - execution: the state, brought up to the last block that is known to be final.
    ///   - openings: the results of commands that opened sessions before, the oldest first.
    public init(_ execution: Execution<Machine>, openings: [CommandResult] = []) {
        self.execution = execution
        self.openings.insert(openings)
    }

    /// Executes a final block, which must be the next, and keeps its results until its commit is durable.
    ///
    /// - Parameters:
    ///   - block: the block.
    ///   - position: where the journal has, or will have, its commit.
    /// - Returns: how far execution is now.
    public mutating func execute(_ block: Block, committedAt position: JournalPosition) -> ExecutedState {
        let results = execution.execute(block)
        if !results.isEmpty { unreported.append(UnreportedResults(position: position, results: results)) }
        return execution.executed
    }

    /// Takes note that the journal is durable through a position.
    public mutating func journalIsDurable(through position: JournalPosition) {
        durable = max(durable, position)
    }

    /// The results whose commits are durable, in the order of the chain; each is given once.
    ///
    /// Complexity: O(results that wait).
    public mutating func takeResults() -> [CommandResult] {
        guard !unreported.isEmpty else { return [] }
        var count = 0
        while count < unreported.count,
            unreported[count].position <= durable || mutant("answer-before-durable")
        {
            count += 1
        }
        guard count > 0 else { return [] }
        var results = unreported[0].results
        for ready in unreported[1..<count] { results += ready.results }
        unreported.removeFirst(count)
        openings.insert(results)
        return results
    }

    /// Tells what is known of commands whose keys were ordered before, and which of them have to be ordered again.
    ///
    /// What is executed but has not been taken yet is neither: it will be taken when its commit is durable. Every block that
    /// was committed before the question must have been executed.
    public mutating func answer(_ commands: [Command]) -> (known: [CommandResult], forgotten: [Command]) {
        var known: [CommandResult] = []
        var forgotten: [Command] = []
        for command in commands {
            let key = command.key
            if unreported.contains(where: { $0.results.contains { $0.key == key } }) { continue }
            if let result = openings[key] ?? execution.result(for: key) {
                known.append(result)
            } else {
                forgotten.append(command)
            }
        }
        return (known, forgotten)
    }
}

/// The results of one block, which wait for its commit to be durable.
//
// Not within the executor, which is generic: a type in it would be looked up anew whenever it is used.
private struct UnreportedResults: Sendable {
    let position: JournalPosition
    let results: [CommandResult]
}
