import HotStuff
import Synchronization

/// What the honest fakes agree on, without any consensus: every key is executed once, in the order in which it is seen.
final class FakeChain: Sendable {
    private struct State {
        var results: [CommandKey: CommandResult] = [:]
        var executedBodies: [[UInt8]] = []
    }

    private let state = Mutex(State())

    /// The bodies of all commands that were executed, in order.
    var executedBodies: [[UInt8]] { state.withLock { $0.executedBodies } }

    /// The result of a command, which replies with its body in reverse.
    func result(of command: Command) -> CommandResult {
        state.withLock { state in
            if let result = state.results[command.key] { return result }
            let height = Height(UInt64(state.results.count + 1))
            var outcome = CommandOutcome.opened(SessionID(height: height, position: 0))
            if command.key.session != .none {
                outcome = .executed(command.body.reversed())
                state.executedBodies.append(command.body)
            }
            let result = CommandResult(
                key: command.key,
                command: command.digest,
                height: height,
                outcome: outcome
            )
            state.results[command.key] = result
            return result
        }
    }
}
