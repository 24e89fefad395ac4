internal import HotStuff

/// Tells clients results that nobody computed: other replies, other heights, sessions that were never opened.
///
/// It says the same to all, so that clients who believe too few are deceived.
struct FalseReplies: Strategy {
    mutating func bend(_ response: inout ClientResponse, as liar: inout Liar) {
        guard case .results(let results) = response else { return }
        liar.acts += 1
        response = .results(results.map(bent))
    }

    /// The same lie for the same result, so that liars agree.
    private func bent(_ result: CommandResult) -> CommandResult {
        switch result.outcome {
        case .executed:
            CommandResult(
                key: result.key,
                command: result.command,
                height: result.height,
                outcome: .executed(Array("never".utf8))
            )
        case .opened(let session):
            CommandResult(
                key: result.key,
                command: result.command,
                height: result.height,
                outcome: .opened(SessionID(height: session.height, position: session.position &+ 1_000))
            )
        case .unknownSession, .sequenceOutOfRange, .replyForgotten:
            CommandResult(key: result.key, command: result.command, height: result.height, outcome: .executed([]))
        }
    }
}
