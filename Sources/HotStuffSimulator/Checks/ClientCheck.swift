internal import HotStuff

/// What honest clients submitted and what they were told, against what the chain holds.
package struct ClientCheck {
    private var submitted: [CommandKey: Command] = [:]
    private var sessions: Set<SessionID> = []
    private var results: [CommandKey: CommandResult] = [:]
    /// The number of results that clients have believed.
    package private(set) var believedCount = 0

    mutating func submitted(_ command: Command) { submitted[command.key] = command }

    mutating func opened(_ session: SessionID) { sessions.insert(session) }

    /// A block became final, for the first time anywhere.
    mutating func ordered(_ block: Block) -> Violation? {
        for command in block.payload.commands where sessions.contains(command.key.session) {
            guard submitted[command.key] == command else {
                return Violation(
                    .validity,
                    "block \(block.id.short) holds a command of session \(command.key.session) that its client never made"
                )
            }
        }
        return nil
    }

    /// Replicas know these results; the first one that was executed is the truth about a key.
    mutating func knows(_ new: [CommandResult]) -> Violation? {
        for result in new where result.key.session != .none {
            guard case .executed = result.outcome else { continue }
            guard let known = results[result.key] else {
                results[result.key] = result
                continue
            }
            guard known == result else {
                return Violation(
                    .exactlyOnce,
                    "command \(result.key.session)/\(result.key.sequence) has two results, of heights \(known.height) and "
                        + "\(result.height)"
                )
            }
        }
        return nil
    }

    /// A client believes a result.
    mutating func believed(_ result: CommandResult) -> Violation? {
        believedCount += 1
        guard case .executed = result.outcome else { return nil }
        guard results[result.key] == result else {
            return Violation(
                .answer,
                "a client was told a result of \(result.key.session)/\(result.key.sequence) that no replica computed"
            )
        }
        return nil
    }
}
