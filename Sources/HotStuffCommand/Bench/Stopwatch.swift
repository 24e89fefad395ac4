import Foundation

/// Measures several ways to do something in turns, so that whatever else the machine does meets all of them alike.
struct Stopwatch: Sendable {
    /// Which time is measured.
    enum Clock: Sendable {
        /// What the calling thread spends on the processor: other processes do not count.
        case thread
        /// What passes, for work that several threads share.
        case wall

        /// The time in nanoseconds since some moment.
        var nanoseconds: UInt64 {
            var time = timespec()
            switch self {
            case .thread: clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            case .wall: clock_gettime(CLOCK_MONOTONIC, &time)
            }
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    }

    /// How many times each way has its turn.
    let rounds: Int
    /// The least time of a turn, in nanoseconds: far above what reading the clock costs.
    let turnNanoseconds: UInt64

    /// One way to do something.
    struct Candidate {
        /// The least number of repetitions in a turn: more than one where single times differ by nature.
        var leastRepetitions = 1
        /// Does it some times over.
        let run: (_ repetitions: Int) throws -> Void
    }

    /// The median over all turns of the mean time of one repetition, in microseconds, for each candidate.
    ///
    /// - Parameters:
    ///   - candidates: the ways, none of which may change what another does.
    ///   - clock: which time is measured.
    ///   - didRound: called after each round with how many are done.
    /// - Returns: as many times as there are candidates.
    /// - Throws: what a candidate throws.
    func medianMicroseconds(
        _ candidates: [Candidate],
        clock: Clock = .thread,
        didRound: (Int) -> Void = { _ in }
    ) throws -> [Double] {
        let repetitions = try candidates.map { try calibrate($0, clock) }
        var turns = [[Double]](repeating: [], count: candidates.count)
        for round in 0..<rounds {
            for (index, candidate) in candidates.enumerated() {
                let nanoseconds = try time(candidate, clock, repetitions: repetitions[index])
                turns[index].append(Double(nanoseconds) / Double(repetitions[index]) / 1_000)
            }
            didRound(round + 1)
        }
        return turns.map(Stopwatch.median)
    }

    /// The middle one of some numbers, at least one.
    static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// How often a candidate has to be repeated to fill a turn.
    private func calibrate(_ candidate: Candidate, _ clock: Clock) throws -> Int {
        var repetitions = candidate.leastRepetitions
        while try time(candidate, clock, repetitions: repetitions) < turnNanoseconds { repetitions *= 2 }
        return repetitions
    }

    private func time(_ candidate: Candidate, _ clock: Clock, repetitions: Int) throws -> UInt64 {
        let start = clock.nanoseconds
        try candidate.run(repetitions)
        return clock.nanoseconds - start
    }
}

/// Takes a value that is not used otherwise, so that the optimiser cannot leave out what made it.
@inline(never)
func consume<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
