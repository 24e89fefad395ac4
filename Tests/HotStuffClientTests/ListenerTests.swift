import HotStuff
import HotStuffTransport
import Testing

@testable import HotStuffClient

@Suite("Listeners among the peers of a client")
struct ListenerTests {
    private static let listener = ReplicaID.listeners.lowerBound

    @Test("what a listener tells of a command counts for nothing, and it gets no commands")
    func noSay() throws {
        var bench = try Bench()
        try bench.open()
        #expect(bench.machine.connected(Self.listener, at: bench.now).isEmpty)
        let (id, sent) = bench.submit([1])
        #expect(sent.recipients.joined().allSatisfy { !$0.isListener })
        let command = try #require(sent.commands.first)
        let result = command.result(.executed([8]))
        #expect(bench.say(result, from: 2).isEmpty)
        for number in ReplicaID.listeners.lowerBound.rawValue..<1_034 {
            #expect(bench.say(result, from: number).isEmpty)
            let refused = bench.machine.received(.refused([command.key]), from: ReplicaID(number), at: bench.now)
            #expect(refused.isEmpty)
        }
        #expect(bench.say(result, from: 0).receipt(of: id)?.confirmations == 2)
    }

    @Test("a listener is asked for its status, and tells it")
    func status() throws {
        var bench = try Bench()
        _ = bench.connectAll()
        #expect(bench.machine.connected(Self.listener, at: bench.now).isEmpty)
        let deadline = bench.now.advanced(by: .seconds(3))
        let asked = bench.machine.ask(Self.listener, as: InquiryID(rawValue: 1), until: deadline, at: bench.now)
        #expect(asked == [.askStatus(Self.listener)])
        let status = ReplicaStatus(
            replica: Self.listener,
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
        #expect(bench.machine.received(.status(status), from: ReplicaID(0), at: bench.now).isEmpty)
        let told = bench.machine.received(.status(status), from: Self.listener, at: bench.now)
        #expect(told == [.tell(InquiryID(rawValue: 1), status)])
        bench.machine.disconnected(Self.listener)
        let later = bench.machine.ask(Self.listener, as: InquiryID(rawValue: 2), until: deadline, at: bench.now)
        #expect(later.isEmpty)
    }

    @Test("listeners may be among the peers, but are no replicas that could agree on a result")
    func configuration() throws {
        var configuration = try Bench.configuration(powers: [1, 1, 1, 1])
        let listeners = (0..<4).map { index in
            Peer(
                id: ReplicaID(Self.listener.rawValue + UInt16(index)),
                host: "127.0.0.1",
                port: 1,
                verificationKey: [9]
            )
        }
        configuration.transport.peers += listeners
        #expect(configuration.fault == nil)
        configuration.transport.peers = listeners
        #expect(configuration.fault == .tooFewPeers(power: .zero, needed: VotingPower(2)))
    }
}
