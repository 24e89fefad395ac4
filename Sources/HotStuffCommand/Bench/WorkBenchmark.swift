import Foundation
import HotStuff
import HotStuffReplica

/// How many attempts at a puzzle a miner makes in a second, with one thread and with as many as there are cores.
struct WorkBenchmark: Sendable {
    /// The speed with so many threads.
    struct Row: Equatable, Sendable {
        let threads: Int
        /// Millions of attempts in a second.
        let millionsPerSecond: Double
    }

    /// The numbers of threads.
    let threadCounts: [Int]
    /// How long each is measured.
    let duration: Duration

    init(threadCounts: [Int] = WorkBenchmark.defaultThreadCounts, duration: Duration = .milliseconds(500)) {
        self.threadCounts = threadCounts
        self.duration = duration
    }

    /// How long a first attempt is waited for.
    private static let patience = Duration.seconds(60)

    /// One, and one for each core.
    static var defaultThreadCounts: [Int] { Miner.defaultThreadCount > 1 ? [1, Miner.defaultThreadCount] : [1] }

    /// Measures all of them, one after the other; their threads have the lowest priority, so whatever else runs here counts.
    func run(didRound: (String) -> Void) throws -> [Row] {
        try threadCounts.map { threads in
            let miner = try Miner(threadCount: threads) { _, _ in }
            miner.mine(
                Puzzle(
                    chain: .zero,
                    epoch: .first,
                    view: View(1),
                    parent: .zero,
                    justifyView: .genesis,
                    proposer: ReplicaID(0),
                    difficulty: ProofOfWork.difficulties.upperBound
                )
            )
            let clock = ContinuousClock()
            let start = clock.now
            // On a busy machine threads of the lowest priority may need a while for their first batch.
            while clock.now - start < duration || miner.attemptCount == 0 && clock.now - start < Self.patience {
                Thread.sleep(forTimeInterval: 0.001)
            }
            let time = clock.now - start
            let count = miner.attemptCount
            miner.stop()
            didRound("mining with \(threads)")
            return Row(threads: threads, millionsPerSecond: Double(count) / time.seconds / 1e6)
        }
    }
}
