import HotStuff
import HotStuffStorage
import Synchronization
import Testing

@testable import HotStuffReplica

@Suite("An inbox")
struct InboxTests {
    /// The loop of a replica, as far as an inbox knows it: it notes who ran it on what.
    private final class Loop: Sendable {
        /// One turn: whether a guest had it, the views that were pleaded for, and how many reports came with them.
        struct Turn: Equatable, Sendable {
            var isGuest: Bool
            var views: [UInt64] = []
            var reports = 0
        }

        let inbox: Inbox
        let turns = Monitor<[Turn]>([])
        /// What guests leave behind.
        let rest: Mutex<Turns.Rest>
        /// Held by those who want a guest's turn to last.
        let gate = Monitor(true)
        private let thread: SystemThread

        init(
            awaitsExecution: Bool = false,
            later: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool = { _ in false }
        ) throws {
            let rest = Turns.Rest(awaitsExecution: awaitsExecution)
            let inbox = Inbox(replicaCount: 4, later: later)
            self.inbox = inbox
            self.rest = Mutex(rest)
            let turns = turns
            thread = try SystemThread(named: "test") {
                while true {
                    let batch = inbox.take(after: rest)
                    if batch.isStopping || batch.isOver { return }
                    turns.change { $0.append(Self.turn(batch, isGuest: false)) }
                }
            }
            inbox.lend { [self] batch in
                turns.change { $0.append(Self.turn(batch, isGuest: true)) }
                gate.wait { $0 ? () : nil }
                return self.rest.withLock { $0 }
            }
            // A guest has the turn only when the thread has ended its own.
            var count = 0
            repeat {
                count += 1
                plea(0)
            } while !history(of: count)[count - 1].isGuest
            turns.change { $0 = [] }
        }

        private static func turn(_ batch: Inbox.Batch, isGuest: Bool) -> Turn {
            let views = batch.consensus.compactMap { letter in
                if case .plea(let view) = letter.message { view.rawValue } else { nil }
            }
            return Turn(isGuest: isGuest, views: views, reports: batch.reports.count)
        }

        func plea(_ view: UInt64) { inbox.deliver([.plea(View(view))], from: ReplicaID(1)) }

        /// Waits until there were so many turns, and says which.
        func history(of count: Int) -> [Turn] { turns.wait { $0.count >= count ? $0 : nil } }

        func stop() {
            inbox.stop()
            thread.join()
            inbox.withdraw()
        }

        /// Waits for the thread, which ends by itself.
        func join() {
            thread.join()
            inbox.withdraw()
        }
    }

    @Test("has whoever brings a message run the loop, while its thread sleeps")
    func guest() throws {
        let loop = try Loop()
        loop.plea(1)
        #expect(loop.history(of: 1) == [Loop.Turn(isGuest: true, views: [1])])
        _ = loop.inbox.submit([Command.openSession(nonce: 1)])
        #expect(loop.history(of: 2).last == Loop.Turn(isGuest: true))
        // What our own threads report is for the loop's own: the journal's has other things to do than to run the loop.
        loop.inbox.report(.executed(.genesis))
        #expect(loop.history(of: 3).last == Loop.Turn(isGuest: false, reports: 1))
        loop.stop()
        #expect(loop.history(of: 3).count == 3)
    }

    @Test("runs the loop for one at a time, and what comes meanwhile is not forgotten")
    func together() throws {
        let loop = try Loop()
        loop.gate.change { $0 = false }
        let first = try SystemThread(named: "test") { loop.plea(1) }
        _ = loop.history(of: 1)
        // This one does not wait for the gate.
        loop.plea(2)
        loop.plea(3)
        #expect(loop.history(of: 1).count == 1)
        loop.gate.change { $0 = true }
        first.join()
        #expect(
            loop.history(of: 2) == [Loop.Turn(isGuest: true, views: [1]), Loop.Turn(isGuest: false, views: [2, 3])]
        )
        loop.stop()
    }

    @Test("lets a guest go on where it can, after what it has queued, but not for ever")
    func again() throws {
        let queue = Monitor<[@Sendable () -> Void]>([])
        let loop = try Loop { work in
            queue.change { $0.append(work) }
            return true
        }
        loop.rest.withLock { $0.deadline = 0 }
        loop.plea(1)
        for count in 1..<Turns.maximumGuestTurns {
            #expect(loop.history(of: count).count == count)
            let work = queue.change { $0.popLast() }
            try #require(work != nil, "after turn \(count)")
            work?()
        }
        // The thread has the next one.
        let turns = loop.history(of: Turns.maximumGuestTurns + 1)
        #expect(turns.map(\.isGuest) == Array(repeating: true, count: Turns.maximumGuestTurns) + [false])
        #expect(queue.change { $0.isEmpty })
        loop.stop()
    }

    @Test("says nothing of what was executed until something else comes, unless that is waited for")
    func executed() throws {
        let patient = try Loop()
        patient.rest.withLock { $0.awaitsExecution = false }
        patient.inbox.executed(.genesis)
        patient.inbox.executed(.genesis)
        patient.plea(1)
        #expect(patient.history(of: 1) == [Loop.Turn(isGuest: true, views: [1], reports: 2)])
        patient.stop()
        let curious = try Loop(awaitsExecution: true)
        curious.inbox.executed(.genesis)
        #expect(curious.history(of: 1) == [Loop.Turn(isGuest: false, reports: 1)])
        curious.stop()
    }

    @Test("leaves the end to the loop's own thread")
    func end() throws {
        let loop = try Loop()
        loop.rest.withLock { $0 = .over }
        loop.plea(1)
        loop.join()
        // Nobody runs what has ended.
        loop.plea(2)
        #expect(loop.history(of: 1) == [Loop.Turn(isGuest: true, views: [1])])
    }
}
