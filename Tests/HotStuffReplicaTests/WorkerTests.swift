import HotStuffStorage
import Testing

@testable import HotStuffReplica

@Suite("A worker")
struct WorkerTests {
    /// What is allowed, and what has happened.
    private struct State {
        var permits = 0
        var posted = 0
        var done: [Int] = []
    }

    @Test("makes those wait who post more than it may hold, does all in order, and drops what comes after its end")
    func weight() throws {
        let state = Monitor(State())
        let worker = try Worker<Int>(named: "test") { jobs in
            for job in jobs {
                state.wait { state -> Void? in
                    guard state.permits > 0 else { return nil }
                    state.permits -= 1
                    state.done.append(job)
                    return ()
                }
            }
        }
        let poster = try SystemThread(named: "test") {
            for job in 1...6 {
                worker.post(job, weighing: 10, within: 25)
                state.change { $0.posted = job }
            }
        }
        // Two are held, whether they are queued or being done; the third waits for the end of the first ones.
        state.wait { $0.posted == 2 ? () : nil }
        for permits in 1...6 {
            #expect(state.change { $0.posted - $0.done.count } <= 3, "\(permits)")
            state.change { $0.permits += 1 }
            state.wait { $0.done.count == permits ? () : nil }
        }
        poster.join()
        // One that is heavier than all may be alone has its turn all the same.
        state.change { $0.permits = 10 }
        worker.post(7, weighing: 1_000, within: 25)
        worker.stop()
        worker.post(8, weighing: 1, within: 25)
        worker.post(9)
        #expect(state.change { $0.done } == [1, 2, 3, 4, 5, 6, 7])
    }
}
