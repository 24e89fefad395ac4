import HotStuff
import HotStuffStorage
import Testing

@testable import HotStuffReplica

/// The tests must not wait on a cooperative thread: they ask now and then.
@Suite("Miner", .timeLimit(.minutes(2)))
struct MinerTests {
    private func puzzle(_ difficulty: UInt8, view: UInt64 = 1) -> Puzzle {
        Puzzle(
            chain: .zero,
            epoch: .first,
            view: View(view),
            parent: .zero,
            justifyView: .genesis,
            proposer: ReplicaID(0),
            difficulty: difficulty
        )
    }

    private func solutions(_ found: Monitor<[(Puzzle, UInt64)]>, count: Int) async throws -> [(Puzzle, UInt64)] {
        while true {
            let all = found.change { $0 }
            if all.count >= count { return all }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("it finds a true solution of each puzzle, once, with one thread or several", arguments: [1, 3])
    func solves(threads: Int) async throws {
        let found = Monitor<[(Puzzle, UInt64)]>([])
        let miner = try Miner(threadCount: threads) { puzzle, nonce in found.change { $0.append((puzzle, nonce)) } }
        for view in 1...20 as ClosedRange<UInt64> {
            miner.mine(puzzle(8, view: view))
            let all = try await solutions(found, count: Int(view))
            #expect(all.count == Int(view) && all.last?.0.view == View(view))
            for (puzzle, nonce) in all { #expect(puzzle.isSolved(by: nonce)) }
        }
        miner.stop()
        #expect(found.change { $0.count } == 20)
    }

    @Test("what is not wanted any more is not looked for, and without a puzzle it sleeps")
    func sleeps() async throws {
        let found = Monitor<[(Puzzle, UInt64)]>([])
        let miner = try Miner(threadCount: 2) { puzzle, nonce in found.change { $0.append((puzzle, nonce)) } }
        try await Task.sleep(for: .milliseconds(20))
        #expect(miner.attemptCount == 0)
        miner.mine(puzzle(40))
        while miner.attemptCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
        miner.mine(puzzle(6, view: 2))
        let solved = try await solutions(found, count: 1)
        #expect(solved.map(\.0.view) == [View(2)])
        miner.mine(puzzle(40, view: 3))
        miner.mine(nil)
        // Each thread ends the batch in which it is.
        var before = miner.attemptCount
        while true {
            try await Task.sleep(for: .milliseconds(50))
            let now = miner.attemptCount
            if now == before { break }
            before = now
        }
        miner.stop()
        #expect(found.change { $0.count } == 1)
    }

    @Test("it ends also in the middle of a search")
    func ends() throws {
        let miner = try Miner(threadCount: 2) { _, _ in }
        miner.mine(puzzle(40))
        miner.stop()
        // And without having been stopped.
        _ = try Miner(threadCount: 1) { _, _ in }
    }
}
