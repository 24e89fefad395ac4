import HotStuff
import PostQuantum
import Testing

@testable import HotStuffTransport

@Suite("Connections of listeners")
struct ListenerTests {
    private static let listener = ReplicaID.listeners.lowerBound

    private let fixture: HandshakeFixture
    private let signer: any Signer
    private let roster: Roster

    init() throws {
        fixture = try HandshakeFixture()
        signer = try HandshakeFixture.stranger()
        let peer = Peer(
            id: Self.listener,
            host: "127.0.0.1",
            port: 0,
            verificationKey: signer.verificationKey.bytes
        )
        roster = try Roster(chain: fixture.chain, scheme: .mlDSA65, peers: fixture.peers + [peer])
    }

    private func dialling(_ replica: UInt16, with signer: any Signer) -> HandshakeStateMachine {
        HandshakeStateMachine(
            initiatingTo: ReplicaID(replica),
            as: .replica(Self.listener, signer),
            roster: roster
        )
    }

    private func responder(_ replica: Int, roster: Roster) -> HandshakeStateMachine {
        HandshakeStateMachine(
            respondingAs: ReplicaID(UInt16(replica)),
            signer: fixture.signers[replica],
            roster: roster
        )
    }

    @Test("a listener dials every replica, and both know who the other is", arguments: [0, 3])
    func dials(replica: Int) throws {
        let run = HandshakeRun(dialling(UInt16(replica), with: signer), responder(replica, roster: roster))
        #expect(run.initiator.session?.remote == .replica(ReplicaID(UInt16(replica))))
        #expect(run.responder.session?.remote == .replica(Self.listener))
    }

    @Test("a replica that has no such listener in its configuration refuses it")
    func unknown() {
        let run = HandshakeRun(dialling(1, with: signer), responder(1, roster: fixture.roster))
        #expect(run.responder.failure == .unknownReplica(Self.listener))
    }

    @Test("nobody is a listener without its key")
    func stranger() throws {
        let run = HandshakeRun(dialling(1, with: try HandshakeFixture.stranger()), responder(1, roster: roster))
        #expect(run.responder.failure == .invalidSignature(Self.listener))
    }

    @Test("no replica dials a listener")
    func direction() {
        let replica = HandshakeStateMachine(
            initiatingTo: Self.listener,
            as: .replica(ReplicaID(0), fixture.signers[0]),
            roster: roster
        )
        let own = HandshakeStateMachine(respondingAs: Self.listener, signer: signer, roster: roster)
        #expect(HandshakeRun(replica, own).responder.failure == .wrongDirection(ReplicaID(0)))
        #expect(Self.listener.dials(ReplicaID(0)) && !ReplicaID(0).dials(Self.listener))
        #expect(ReplicaID(0).dials(ReplicaID(1)) && !ReplicaID(1).dials(ReplicaID(0)))
    }

    @Test("in the lane of consensus a listener may say no more than where it stands")
    func limits() {
        let limits = TransportLimits()
        #expect(limits.maximumMessageByteCount(.consensus, from: Self.listener) == 1_024)
        #expect(Frame.encode(Message.plea(View(.max))).count <= 1_024)
        #expect(limits.maximumMessageByteCount(.sync, from: Self.listener) == limits.sync.maximumMessageByteCount)
        for lane in Lane.allCases {
            #expect(limits.maximumMessageByteCount(lane, from: ReplicaID(3)) == limits[lane].maximumMessageByteCount)
        }
    }
}
