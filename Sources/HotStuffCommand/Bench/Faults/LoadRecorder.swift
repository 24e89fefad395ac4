import Histogram
import Synchronization

/// What a load brought about in one span of time.
struct LoadFigures: Equatable, Sendable {
    /// The confirmed commands.
    var commands: UInt64
    /// The length of the span, in seconds.
    var seconds: Double
    /// The latency that half of the commands did not exceed, in milliseconds.
    var medianLatency: Double
    /// The latency that 99 % of the commands did not exceed, in milliseconds.
    var latencyOf99Percent: Double
    /// The longest time without a confirmation, in milliseconds.
    var longestGap: Double

    /// The confirmed commands in each second.
    var commandsPerSecond: Double { seconds > 0 ? Double(commands) / seconds : 0 }
}

/// Takes note of confirmed commands, from any task.
final class LoadRecorder: Sendable {
    private struct State {
        var histogram = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        var begin = ContinuousClock.now
        var last = ContinuousClock.now
        var longestGap = Duration.zero
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Whether no more commands are wanted.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Has everybody submit no more.
    func stop() { state.withLock { $0.isStopped = true } }

    /// Forgets what was, and begins a span.
    func begin() {
        state.withLock { state in
            let now = ContinuousClock.now
            state.histogram.reset()
            (state.begin, state.last, state.longestGap) = (now, now, .zero)
        }
    }

    /// Takes note of a confirmed command.
    func confirm(since start: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let microseconds = UInt64(max(0, (now - start) / .microseconds(1)))
        state.withLock { state in
            // What is longer than the histogram's end counts as its end.
            _ = state.histogram.record(min(microseconds, 600_000_000))
            state.longestGap = max(state.longestGap, now - state.last)
            state.last = max(state.last, now)
        }
    }

    /// What has been since the beginning of the span.
    var figures: LoadFigures {
        state.withLock { state in
            let now = ContinuousClock.now
            return LoadFigures(
                commands: state.histogram.totalCount,
                seconds: (now - state.begin).seconds,
                medianLatency: Double(state.histogram.valueAtPercentile(50)) / 1_000,
                latencyOf99Percent: Double(state.histogram.valueAtPercentile(99)) / 1_000,
                longestGap: max(state.longestGap, now - state.last).milliseconds
            )
        }
    }
}
