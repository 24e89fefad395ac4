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

    @Test("takes several jobs at once, and of each kind only those that come before so many others")
    func several() throws {
        let gate = Monitor((isOpen: false, batches: [[Int]]()))
        let worker = try Worker<Int>(named: "test") { jobs in
            gate.wait { $0.isOpen ? () : nil }
            gate.change { $0.batches.append(jobs) }
        }
        worker.post([1]) { _ in .max }
        // Whether or not the first one has been taken, at least two and at most three wait before the last ones.
        worker.post([2, 3]) { _ in .max }
        worker.post([-1, 4, -2]) { $0 < 0 ? 2 : .max }
        gate.change { $0.isOpen = true }
        worker.stop()
        #expect(gate.change { $0.batches.flatMap { $0 } } == [1, 2, 3, 4])
    }

    @Test("lets jobs that can wait do so until one comes that cannot, they weigh too much, or it ends")
    func lingering() throws {
        let batches = Monitor<[[Int]]>([])
        let hour: UInt64 = 3_600_000_000_000
        let worker = try Worker<Int>(named: "test", lingering: hour) { jobs in batches.change { $0.append(jobs) } }
        for job in 1...5 { worker.post(job, weighing: 1, within: 800) }
        worker.post(6)
        #expect(batches.wait { $0.isEmpty ? nil : $0 } == [[1, 2, 3, 4, 5, 6]])
        for job in 7...8 { worker.post(job, weighing: 60, within: 800) }
        #expect(batches.wait { $0.count < 2 ? nil : $0 }.last == [7, 8])
        worker.post(9, weighing: 1, within: 800)
        worker.stop()
        #expect(batches.change { $0.last } == [9])
        let short = try Worker<Int>(named: "test", lingering: 1_000_000) { jobs in batches.change { $0.append(jobs) } }
        short.post(10, weighing: 1, within: 800)
        #expect(batches.wait { $0.last?.contains(10) == true ? true : nil })
        short.stop()
    }
}
