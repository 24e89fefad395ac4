import Histogram
import HotStuff
import HotStuffStorage
import Synchronization

/// Takes note of confirmed commands, from any task.
final class LoadRecorder: Sendable {
    private struct State {
        var histogram = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        // In nanoseconds of the steady clock.
        var begin = SteadyClock.nanoseconds
        var last = SteadyClock.nanoseconds
        var longestGap: UInt64 = 0
        var firstHeight: Height?
        var lastHeight = Height.genesis
        var timeline: [UInt64] = []
        var isStopped = false

        var blocks: UInt64 {
            firstHeight.map { lastHeight.rawValue - min($0, lastHeight).rawValue } ?? 0
        }
    }

    private let state = Mutex(State())
    /// As many intervals as an hour has; what comes later is counted, but not drawn.
    private static let maximumIntervalCount = 18_000

    /// Whether no more commands are wanted.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// The blocks between the first confirmed command of the span and the last one.
    var blocks: UInt64 { state.withLock { $0.blocks } }

    /// Has everybody submit no more.
    func stop() { state.withLock { $0.isStopped = true } }

    /// Forgets what was, and begins a span.
    func begin() {
        state.withLock { state in
            let now = SteadyClock.nanoseconds
            state.histogram.reset()
            (state.begin, state.last, state.longestGap) = (now, now, 0)
            state.firstHeight = state.lastHeight > .genesis ? state.lastHeight : nil
            state.timeline = []
        }
    }

    /// Takes note of a confirmed command that was executed at some height.
    ///
    /// - Parameters:
    ///   - start: when it began, in nanoseconds of the steady clock.
    ///   - height: where it was executed.
    func confirm(since start: UInt64, at height: Height) {
        let now = SteadyClock.nanoseconds
        let microseconds = (now - min(start, now)) / 1_000
        state.withLock { state in
            // What is longer than the histogram's end counts as its end.
            _ = state.histogram.record(min(microseconds, 600_000_000))
            state.longestGap = max(state.longestGap, now - min(state.last, now))
            state.last = max(state.last, now)
            if state.firstHeight == nil { state.firstHeight = height }
            state.lastHeight = max(state.lastHeight, height)
            let interval = Int((now - min(state.begin, now)) / 1_000_000) / LoadFigures.intervalMilliseconds
            guard (0..<Self.maximumIntervalCount).contains(interval) else { return }
            while state.timeline.count <= interval { state.timeline.append(0) }
            state.timeline[interval] += 1
        }
    }

    /// What has been since the beginning of the span.
    var figures: LoadFigures {
        state.withLock { state in
            let now = SteadyClock.nanoseconds
            func milliseconds(_ percent: Double) -> Double {
                Double(state.histogram.valueAtPercentile(percent)) / 1_000
            }
            return LoadFigures(
                commands: state.histogram.totalCount,
                blocks: state.blocks,
                seconds: Double(now - min(state.begin, now)) / 1e9,
                latency: LoadFigures.Latency(
                    median: milliseconds(50),
                    of90Percent: milliseconds(90),
                    of99Percent: milliseconds(99),
                    of999PerMille: milliseconds(99.9)
                ),
                longestGap: Double(max(state.longestGap, now - min(state.last, now))) / 1e6,
                timeline: state.timeline,
                distribution: state.histogram.totalCount > 0
                    ? Self.percents.map { LoadFigures.Quantile(percent: $0, milliseconds: milliseconds($0)) } : []
            )
        }
    }

    /// Where the distribution is looked at: closer and closer to the end.
    private static let percents: [Double] =
        (0..<20).map { Double($0) * 5 } + [96, 97, 98, 99, 99.5, 99.7, 99.9, 99.95, 99.99, 100]
}
