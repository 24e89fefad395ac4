import HotStuff
import HotStuffClient

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
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<outstanding {
                    let client = clients[index % clients.count]
                    group.addTask {
                        var number = index
                        while !recorder.isStopped {
                            try await commands.submit(number, client, recorder, since: .now)
                            number += outstanding
                        }
                    }
                }
                try await group.waitForAll()
            }
        case .steady(let rate):
            let begin = ContinuousClock.now
            try await withThrowingDiscardingTaskGroup { group in
                var number = 0
                while !recorder.isStopped {
                    let elapsed = (ContinuousClock.now - begin).seconds
                    while Double(number) < elapsed * rate {
                        let (next, due) = (number, begin + .seconds(Double(number) / rate))
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

/// The commands of a load: they write the same few keys over and over, so that the state stays small.
private struct LoadCommands: Sendable {
    private static let keyCount = 1_000
    /// One for each key, encoded once.
    private let bodies: [[UInt8]]

    init(payload: Int) {
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: payload)
        bodies = (0..<Self.keyCount).map { KeyValueCommand.put(key: Array("key \($0)".utf8), value: value).encoded }
    }

    func submit(
        _ number: Int,
        _ client: HotStuffClient,
        _ recorder: LoadRecorder,
        since start: ContinuousClock.Instant
    ) async throws {
        do {
            let receipt = try await client.submit(bodies[number % bodies.count])
            recorder.confirm(since: start, at: receipt.height)
        } catch {
            throw Failure(error, command: "a command of the load")
        }
    }
}
