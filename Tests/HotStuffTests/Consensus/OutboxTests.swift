import HotStuff
import Testing

@Suite("Outbox")
struct OutboxTests {
    private let world = World(4)

    private func statement(_ view: UInt64) -> OwnStatement {
        .timeout(
            TimeoutStatement(
                chain: world.committee.chain,
                epoch: .first,
                view: View(view),
                highestCertifiedView: .genesis
            ),
            CertificatePair(quorum: world.committee.genesisCertificate, timeout: nil)
        )
    }

    private let signature = Signature([1])

    @Test("nothing leaves before it is durable and signed, in whatever order that comes", arguments: [true, false])
    func needsBoth(durableFirst: Bool) {
        var outbox = Outbox(replica: ReplicaID(0))
        let request = outbox.hold(statement(1), until: JournalPosition(5))
        #expect(outbox.journalIsDurable(through: JournalPosition(4)).isEmpty)
        let released: [Released]
        if durableFirst {
            #expect(outbox.journalIsDurable(through: JournalPosition(5)).isEmpty)
            released = outbox.complete(request.number, with: signature)
        } else {
            #expect(outbox.complete(request.number, with: signature).isEmpty)
            released = outbox.journalIsDurable(through: JournalPosition(5))
        }
        #expect(released.map(\.view) == [View(1)])
        guard case .timeout(let timeout) = released.first?.message else {
            Issue.record("no timeout")
            return
        }
        #expect(timeout.signature == signature)
        #expect(timeout.sender == ReplicaID(0))
        #expect(outbox.count == 0)
    }

    @Test("a statement that is durable when it is held waits for its signature alone")
    func durableBefore() {
        var outbox = Outbox(replica: ReplicaID(0), durable: JournalPosition(9))
        let request = outbox.hold(statement(1), until: JournalPosition(9))
        #expect(outbox.complete(request.number, with: signature).count == 1)
    }

    @Test("a lower position later takes nothing back")
    func positionsOnlyGrow() {
        var outbox = Outbox(replica: ReplicaID(0))
        #expect(outbox.journalIsDurable(through: JournalPosition(5)).isEmpty)
        #expect(outbox.journalIsDurable(through: JournalPosition(2)).isEmpty)
        let request = outbox.hold(statement(1), until: JournalPosition(4))
        #expect(outbox.complete(request.number, with: signature).count == 1)
    }

    @Test("each statement waits for its own position and number, and leaves once")
    func keepsThemApart() {
        var outbox = Outbox(replica: ReplicaID(0))
        let requests = (1...3).map { outbox.hold(statement($0), until: JournalPosition($0)) }
        #expect(Set(requests.map(\.number)).count == 3)
        #expect(outbox.complete(requests[2].number, with: signature).isEmpty)
        #expect(outbox.complete(requests[0].number, with: signature).isEmpty)
        #expect(outbox.journalIsDurable(through: JournalPosition(2)).map(\.view) == [View(1)])
        #expect(outbox.complete(requests[0].number, with: signature).isEmpty)
        #expect(outbox.complete(requests[1].number, with: signature).map(\.view) == [View(2)])
        #expect(outbox.journalIsDurable(through: JournalPosition(3)).map(\.view) == [View(3)])
        #expect(outbox.journalIsDurable(through: JournalPosition(9)).isEmpty)
    }

    @Test("an answer to no request, and a second answer, are ignored")
    func ignoresStrangers() {
        var outbox = Outbox(replica: ReplicaID(0))
        let request = outbox.hold(statement(1), until: JournalPosition(1))
        #expect(outbox.complete(77, with: signature).isEmpty)
        #expect(outbox.complete(request.number, with: signature).isEmpty)
        #expect(outbox.complete(request.number, with: Signature([2])).isEmpty)
        guard case .timeout(let timeout)? = outbox.journalIsDurable(through: JournalPosition(1)).first?.message else {
            Issue.record("no timeout")
            return
        }
        #expect(timeout.signature == signature)
    }

    @Test("when it is full, the oldest statement makes room, and its signature comes too late")
    func makesRoom() {
        var outbox = Outbox(replica: ReplicaID(0))
        let views = 1...UInt64(Outbox.capacity + 1)
        let requests = views.map { outbox.hold(statement($0), until: JournalPosition($0)) }
        #expect(outbox.count == Outbox.capacity)
        for request in requests { #expect(outbox.complete(request.number, with: signature).isEmpty) }
        let released = outbox.journalIsDurable(through: JournalPosition(views.upperBound))
        #expect(released.map(\.view.rawValue) == Array(views.dropFirst()))
    }

    @Test("what is to be signed is the digest of the statement")
    func signsDigest() {
        var outbox = Outbox(replica: ReplicaID(0))
        let statement = statement(3)
        #expect(outbox.hold(statement, until: JournalPosition(1)).digest == statement.digest)
    }
}
