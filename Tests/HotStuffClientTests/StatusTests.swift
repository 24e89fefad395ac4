import HotStuff
import Testing

@testable import HotStuffClient

@Suite("Asking a replica how it is")
struct StatusTests {
    private static func status(of replica: UInt16) -> ReplicaStatus {
        ReplicaStatus(
            replica: ReplicaID(replica),
            view: View(4),
            leader: ReplicaID(0),
            committedHeight: Height(2),
            committedBlock: .zero,
            executed: .genesis,
            applicationState: .zero,
            executedCommands: 5,
            pendingCommands: 6,
            failedViews: 7
        )
    }

    private var bench: Bench

    init() throws {
        bench = try Bench()
    }

    private mutating func ask(_ replica: UInt16, as id: UInt64) -> [ClientAction] {
        let deadline = bench.now.advanced(by: .seconds(3))
        return bench.machine.ask(ReplicaID(replica), as: InquiryID(rawValue: id), until: deadline, at: bench.now)
    }

    @Test("the question goes to the replica alone, and its answer to all who asked")
    mutating func answer() {
        _ = bench.connectAll()
        #expect(ask(2, as: 1) == [.askStatus(ReplicaID(2))])
        #expect(ask(2, as: 2) == [.askStatus(ReplicaID(2))])
        #expect(ask(1, as: 3) == [.askStatus(ReplicaID(1))])
        let status = Self.status(of: 2)
        let actions = bench.machine.received(.status(status), from: ReplicaID(2), at: bench.now)
        #expect(actions == [.tell(InquiryID(rawValue: 1), status), .tell(InquiryID(rawValue: 2), status)])
        #expect(bench.machine.received(.status(status), from: ReplicaID(2), at: bench.now).isEmpty)
    }

    @Test("nobody answers for another")
    mutating func foreign() {
        _ = bench.connectAll()
        _ = ask(2, as: 1)
        #expect(bench.machine.received(.status(Self.status(of: 2)), from: ReplicaID(1), at: bench.now).isEmpty)
        #expect(bench.machine.received(.status(Self.status(of: 1)), from: ReplicaID(2), at: bench.now).isEmpty)
        #expect(bench.machine.received(.status(Self.status(of: 1)), from: ReplicaID(1), at: bench.now).isEmpty)
    }

    @Test("a replica that is not connected is asked when it is")
    mutating func later() {
        #expect(ask(2, as: 1).isEmpty)
        #expect(bench.pass(.seconds(1)).isEmpty)
        #expect(bench.machine.connected(ReplicaID(1), at: bench.now).isEmpty)
        #expect(bench.machine.connected(ReplicaID(2), at: bench.now) == [.askStatus(ReplicaID(2))])
    }

    @Test("without an answer the question is repeated, and in the end there is none")
    mutating func silence() {
        _ = bench.connectAll()
        _ = ask(2, as: 1)
        #expect(bench.pass(.milliseconds(500)) == [.askStatus(ReplicaID(2))])
        #expect(bench.pass(.seconds(1)) == [.askStatus(ReplicaID(2))])
        #expect(bench.pass(.milliseconds(1_499)).isEmpty)
        #expect(bench.pass(.milliseconds(1)) == [.tell(InquiryID(rawValue: 1), nil)])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("a call that is cancelled hears nothing more")
    mutating func cancelled() {
        _ = bench.connectAll()
        _ = ask(2, as: 1)
        #expect(bench.machine.cancel(InquiryID(rawValue: 1)) == [.tell(InquiryID(rawValue: 1), nil)])
        #expect(bench.machine.cancel(InquiryID(rawValue: 1)).isEmpty)
        #expect(bench.machine.received(.status(Self.status(of: 2)), from: ReplicaID(2), at: bench.now).isEmpty)
    }
}
