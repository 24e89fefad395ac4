package import HotStuff
internal import HotStuffStorage
internal import NIOCore
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// The threads that look for the solution of one puzzle at a time, and sleep while there is none.
///
/// Each tries numbers of its own share, from a place on that is drawn anew for each puzzle. They have the lowest priority that there is, so
/// that whatever else the machine does goes first. After every few hundred tries, less than a tenth of a millisecond, they look whether
/// the puzzle is still the one that is wanted.
package final class Miner: Sendable {
    /// How many threads there may be.
    package static let threadCounts = 1...1_024

    /// One for each core.
    package static var defaultThreadCount: Int { max(1, System.coreCount) }

    private struct Order: Sendable {
        var puzzle: Puzzle?
        var isStopping = false
        var hasEnded = false
    }

    /// What the threads share.
    private final class Desk: Sendable {
        let order = Monitor(Order())
        /// Changes with the order.
        let era = Atomic<UInt64>(0)
        let attempts = Atomic<UInt64>(0)
    }

    private let desk = Desk()
    private let threads: [SystemThread]

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threadCount: how many; one for each core if nothing is said.
    ///   - solved: hears of a solution, on a thread of the miner; once for each puzzle.
    /// - Throws: that the system gives no thread.
    package init(
        threadCount: Int? = nil,
        solved: @escaping @Sendable (Puzzle, UInt64) -> Void
    ) throws(ReplicaError) {
        let count = threadCount ?? Miner.defaultThreadCount
        precondition(Miner.threadCounts.contains(count), "a miner of \(count) threads")
        var threads: [SystemThread] = []
        let desk = desk
        for index in 0..<count {
            do {
                threads.append(
                    try SystemThread(named: "hs-mine") {
                        Miner.yieldToOthers()
                        Miner.work(at: desk, as: index, of: count, solved: solved)
                    }
                )
            } catch {
                desk.order.change { $0.isStopping = true }
                for thread in threads { thread.join() }
                throw .thread(error.code)
            }
        }
        self.threads = threads
    }

    /// Looks for the solution of this puzzle and of no other any more; for nothing, if there is none.
    package func mine(_ puzzle: Puzzle?) {
        desk.order.change { order in
            order.puzzle = puzzle
            desk.era.add(1, ordering: .relaxed)
        }
    }

    /// How many numbers were tried so far.
    package var attemptCount: UInt64 { desk.attempts.load(ordering: .relaxed) }

    /// Ends the threads; once.
    package func stop() {
        desk.order.change { order in
            order.isStopping = true
            desk.era.add(1, ordering: .relaxed)
        }
        for thread in threads { thread.join() }
        desk.order.change { $0.hasEnded = true }
    }

    deinit {
        let hasEnded = desk.order.change { order in
            order.isStopping = true
            desk.era.add(1, ordering: .relaxed)
            return order.hasEnded
        }
        if !hasEnded { for thread in threads { thread.detach() } }
    }

    private static func work(
        at desk: Desk,
        as index: Int,
        of count: Int,
        solved: @Sendable (Puzzle, UInt64) -> Void
    ) {
        while true {
            let next: (puzzle: Puzzle, era: UInt64)? = desk.order.wait { order in
                if order.isStopping { return .some(nil) }
                return order.puzzle.map { ($0, desk.era.load(ordering: .relaxed)) }
            }
            guard let (puzzle, era) = next else { return }
            var attempts = puzzle.attempts
            // Shares that begin far apart do not overlap in any time that a view lasts.
            var number = UInt64.random(in: 0...(.max / UInt64(count))) &+ (.max / UInt64(count)) &* UInt64(index)
            while desk.era.load(ordering: .relaxed) == era {
                let solution = attempts.solution(from: number)
                desk.attempts.add(UInt64(PuzzleAttempts.batchCount), ordering: .relaxed)
                number &+= UInt64(PuzzleAttempts.batchCount)
                guard let solution else { continue }
                let isFirst = desk.order.change { order in
                    guard desk.era.load(ordering: .relaxed) == era else { return false }
                    order.puzzle = nil
                    desk.era.add(1, ordering: .relaxed)
                    return true
                }
                if isFirst { solved(puzzle, solution) }
            }
        }
    }

    /// Gives this thread the lowest priority.
    private static func yieldToOthers() {
        #if canImport(Darwin)
        pthread_set_qos_class_self_np(QOS_CLASS_BACKGROUND, 0)
        #else
        // Nought is the calling thread. Where the system does not allow it, it is a thread like others.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        #endif
    }
}
