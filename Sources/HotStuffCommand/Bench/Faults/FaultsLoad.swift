import HotStuff
import HotStuffClient

/// A load on a cluster: as much as it takes, or so many commands in each second whatever it does.
enum FaultsLoad: Equatable, Sendable {
    /// So many commands are on their way at any time; each that is confirmed is followed by another.
    case full(outstanding: Int)
    /// So many commands begin in each second.
    ///
    /// Latency counts from the moment at which a command was to begin: a stall makes all late that were due in it.
    case steady(commandsPerSecond: Double)

    /// Submits until the recorder says stop.
    ///
    /// - Parameters:
    ///   - client: who submits.
    ///   - recorder: takes note of each result.
    /// - Throws: why a command has no result.
    func run(_ client: HotStuffClient, _ recorder: LoadRecorder) async throws {
        switch self {
        case .full(let outstanding):
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<outstanding {
                    group.addTask {
                        var number = index
                        while !recorder.isStopped {
                            try await FaultsLoad.submit(number, client, recorder, since: .now)
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
                        group.addTask { try await FaultsLoad.submit(next, client, recorder, since: due) }
                        number += 1
                    }
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
    }

    /// The same few keys over and over, so that the state stays small.
    private static func submit(
        _ number: Int,
        _ client: HotStuffClient,
        _ recorder: LoadRecorder,
        since start: ContinuousClock.Instant
    ) async throws {
        let command = KeyValueCommand.put(key: Array("key \(number % 1_000)".utf8), value: Array("\(number)".utf8))
        do {
            _ = try await client.submit(command.encoded)
        } catch {
            throw Failure(error, command: "a command of the load")
        }
        recorder.confirm(since: start)
    }
}
