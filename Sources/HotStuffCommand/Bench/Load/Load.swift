import HotStuff
import HotStuffClient
import HotStuffStorage
import Synchronization

/// A load on a cluster: as much as it takes, or so many commands in each second whatever it does.
enum Load: Equatable, Sendable {
    /// So many commands are on their way at any time; each that is confirmed is followed by another.
    case full(outstanding: Int)
    /// So many commands begin in each second.
    ///
    /// Latency counts from the moment at which a command was to begin: a stall makes all late that were due in it.
    case steady(commandsPerSecond: Double)

    /// Submits until the recorder says stop.
    ///
    /// - Parameters:
    ///   - clients: who submits, in turn; one at least.
    ///   - payload: the number of bytes of the value that each command writes.
    ///   - recorder: takes note of each result.
    /// - Throws: why a command has no result.
    func run(_ clients: [HotStuffClient], payload: Int = 8, _ recorder: LoadRecorder) async throws {
        let commands = LoadCommands(payload: payload)
        switch self {
        case .full(let outstanding):
            let loop = ClosedLoop(clients: clients, commands: commands, outstanding: outstanding, recorder: recorder)
            if let failure = await loop.run() { throw Failure(failure, command: "a command of the load") }
        case .steady(let rate):
            let begin = SteadyClock.nanoseconds
            try await withThrowingDiscardingTaskGroup { group in
                var number = 0
                while !recorder.isStopped {
                    let elapsed = Double(SteadyClock.nanoseconds - begin) / 1e9
                    while Double(number) < elapsed * rate {
                        let (next, due) = (number, begin + UInt64(Double(number) / rate * 1e9))
                        let client = clients[number % clients.count]
                        group.addTask { try await commands.submit(next, client, recorder, since: due) }
                        number += 1
                    }
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
    }
}

/// Keeps so many commands on their way, each a link of a chain of its own: one that is confirmed submits the next.
private final class ClosedLoop: Sendable {
    private struct State {
        var open: Int
        var failure: ClientError?
        var isCancelled = false
        var waiter: CheckedContinuation<ClientError?, Never>?

        /// Whom to tell that it is over, if it is and nobody was told.
        mutating func takeWaiter() -> CheckedContinuation<ClientError?, Never>? {
            open == 0 || isCancelled ? waiter.take() : nil
        }
    }

    private let clients: [HotStuffClient]
    private let commands: LoadCommands
    private let outstanding: Int
    private let recorder: LoadRecorder
    private let state: Mutex<State>

    init(clients: [HotStuffClient], commands: LoadCommands, outstanding: Int, recorder: LoadRecorder) {
        self.clients = clients
        self.commands = commands
        self.outstanding = outstanding
        self.recorder = recorder
        state = Mutex(State(open: outstanding))
    }

    /// Submits until the recorder says stop, or a command fails; a caller that is cancelled waits for no command.
    ///
    /// - Returns: why a command failed; nothing if none did.
    func run() async -> ClientError? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = state.withLock { state in
                    state.waiter = continuation
                    return state.takeWaiter()
                }
                if let waiter { return waiter.resume(returning: .cancelled) }
                for index in 0..<outstanding { submit(index) }
            }
        } onCancel: {
            recorder.stop()
            let waiter = state.withLock { state in
                state.isCancelled = true
                return state.takeWaiter()
            }
            waiter?.resume(returning: .cancelled)
        }
    }

    private func submit(_ number: Int) {
        let start = SteadyClock.nanoseconds
        clients[number % outstanding % clients.count].submit(commands[number]) { [self] result in
            switch result {
            case .success(let receipt):
                recorder.confirm(since: start, at: receipt.height)
                if recorder.isStopped { end(nil) } else { submit(number + outstanding) }
            case .failure(let error):
                // The others end with the one that they wait for.
                recorder.stop()
                end(error)
            }
        }
    }

    /// Notes that a chain has ended.
    private func end(_ error: ClientError?) {
        let (waiter, failure) = state.withLock { state -> (CheckedContinuation<ClientError?, Never>?, ClientError?) in
            state.open -= 1
            state.failure = state.failure ?? error
            return (state.takeWaiter(), state.failure)
        }
        waiter?.resume(returning: failure)
    }
}

/// The commands of a load: they write the same few keys over and over, so that the state stays small.
private struct LoadCommands: Sendable {
    private static let keyCount = 1_000
    /// One for each key, encoded once.
    private let bodies: [[UInt8]]

    init(payload: Int) {
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: payload)
        bodies = (0..<Self.keyCount).map { KeyValueCommand.put(key: Array("key \($0)".utf8), value: value).encoded }
    }

    /// The body of a command.
    subscript(number: Int) -> [UInt8] { bodies[number % bodies.count] }

    func submit(
        _ number: Int,
        _ client: HotStuffClient,
        _ recorder: LoadRecorder,
        since start: UInt64
    ) async throws {
        do {
            let receipt = try await client.submit(self[number])
            recorder.confirm(since: start, at: receipt.height)
        } catch {
            throw Failure(error, command: "a command of the load")
        }
    }
}
