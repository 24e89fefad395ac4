import HotStuff
import PostQuantum
import Testing

@testable import HotStuffTransport

@Suite("Handshake")
struct HandshakeTests {
    private let fixture: HandshakeFixture

    init() throws {
        fixture = try HandshakeFixture()
    }

    @Test("two replicas recognise each other and agree on a key for each direction")
    func replicas() throws {
        let run = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        var initiator = try #require(run.initiator.session)
        var responder = try #require(run.responder.session)
        #expect(initiator.remote == .replica(ReplicaID(1)))
        #expect(responder.remote == .replica(ReplicaID(0)))
        try expectSeparateDirections(&initiator, &responder)
    }

    @Test("a client recognises the replica and stays anonymous")
    func client() throws {
        let run = HandshakeRun(fixture.client(to: 2), fixture.responder(2))
        var initiator = try #require(run.initiator.session)
        var responder = try #require(run.responder.session)
        #expect(initiator.remote == .replica(ReplicaID(2)))
        #expect(responder.remote == .anonymous)
        try expectSeparateDirections(&initiator, &responder)
    }

    private func expectSeparateDirections(_ initiator: inout Session, _ responder: inout Session) throws {
        var there = initiator.sealer
        var back = responder.sealer
        let question = try there.seal([1, 2], authenticating: [])
        let answer = try back.seal([1, 2], authenticating: [])
        #expect(question != answer)
        var own = initiator.opener
        #expect(throws: FrameCipherError.notAuthentic) { try own.open(question, authenticating: []) }
        var atResponder = responder.opener
        #expect(try atResponder.open(question, authenticating: []) == [1, 2])
        var atInitiator = initiator.opener
        #expect(try atInitiator.open(answer, authenticating: []) == [1, 2])
    }

    @Test("bytes may come one at a time")
    func dripping() throws {
        var initiator = fixture.initiator(0, to: 1)
        var responder = fixture.responder(1)
        var toResponder = initiator.start().output
        var toInitiator: [UInt8] = []
        var verdicts: [HandshakeStep.Verdict] = [.wait, .wait]
        while !toResponder.isEmpty || !toInitiator.isEmpty {
            if !toResponder.isEmpty {
                let step = responder.receive([toResponder.removeFirst()])
                toInitiator += step.output
                verdicts[1] = step.verdict
            }
            if !toInitiator.isEmpty {
                let step = initiator.receive([toInitiator.removeFirst()])
                toResponder += step.output
                verdicts[0] = step.verdict
            }
        }
        #expect(verdicts[0].session?.remote == .replica(ReplicaID(1)))
        #expect(verdicts[1].session?.remote == .replica(ReplicaID(0)))
    }

    @Test("no two handshakes agree on the same keys")
    func freshness() throws {
        let first = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        let second = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        var sealer = try #require(first.initiator.session).sealer
        var opener = try #require(second.responder.session).opener
        let frame = try sealer.seal([1], authenticating: [])
        #expect(throws: FrameCipherError.notAuthentic) { try opener.open(frame, authenticating: []) }
    }

    @Test("a responder of another chain refuses and says so")
    func wrongChain() throws {
        let other = HandshakeStateMachine(
            respondingAs: ReplicaID(1),
            signer: fixture.signers[1],
            roster: try fixture.roster(chain: HandshakeFixture.otherChain)
        )
        let run = HandshakeRun(fixture.initiator(0, to: 1), other)
        #expect(run.responder.failure == .wrongChain(nil))
        #expect(run.initiator.failure == .refused(.wrongChain))
    }

    @Test("the part in which the chains differ is named on both sides, each time from where one stands")
    func namesTheDifference() throws {
        func genesis(_ change: (inout ChainParameters) -> Void) throws -> Genesis {
            var parameters = ChainParameters()
            change(&parameters)
            return Genesis(
                name: "a chain",
                validators: try ValidatorSet(
                    fixture.peers.map { Validator(verificationKey: $0.verificationKey, power: VotingPower(1)) }
                ),
                signatureScheme: "ML-DSA-65",
                parameters: parameters
            )
        }
        func roster(_ genesis: Genesis) throws -> Roster {
            try Roster(
                chain: genesis.chain,
                profile: ChainProfile(genesis),
                scheme: .mlDSA65,
                peers: fixture.peers
            )
        }
        let here = try roster(genesis { _ in })
        let there = try roster(genesis { $0.commitRule = .twoChain })
        let run = HandshakeRun(
            HandshakeStateMachine(
                initiatingTo: ReplicaID(1),
                as: .replica(ReplicaID(0), fixture.signers[0]),
                roster: here
            ),
            HandshakeStateMachine(respondingAs: ReplicaID(1), signer: fixture.signers[1], roster: there)
        )
        #expect(run.responder.failure == .wrongChain("commitRule (twoChain here, threeChain there)"))
        #expect(run.initiator.failure == .refusedChain("commitRule (threeChain here, twoChain there)"))
        // Who knows less still refuses, and says so.
        let plain = HandshakeRun(
            fixture.initiator(0, to: 1),
            HandshakeStateMachine(respondingAs: ReplicaID(1), signer: fixture.signers[1], roster: there)
        )
        #expect(plain.responder.failure == .wrongChain(nil))
        #expect(plain.initiator.failure == .refused(.wrongChain))
    }

    @Test("a refusal whose difference is cut, too long or of no sense is taken for what it is")
    func strangeRefusals() throws {
        func failure(_ body: [UInt8]) -> ConnectionFailure? {
            var initiator = fixture.initiator(0, to: 1)
            _ = initiator.start()
            return initiator.receive(HandshakeRecord(kind: .refusal, body: body).encoded).verdict.failure
        }
        #expect(failure([1]) == .refused(.wrongChain))
        #expect(failure([1, 200] + [UInt8](repeating: 255, count: 8)) == .refused(.wrongChain))
        #expect(failure([1, 0, 1]) == .malformed(.truncatedRecord))
        #expect(failure([]) == .malformed(.truncatedRecord))
        #expect(failure([9]) == .malformed(.truncatedRecord))
        #expect(failure([4, 0]) == .malformed(.trailingBytes))
        #expect(failure([1, 0] + [UInt8](repeating: 0, count: 9)) == .malformed(.oversizedRecord))
    }

    @Test("a responder that is not the one dialled refuses and says so")
    func wrongPeer() throws {
        let run = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(2))
        #expect(run.responder.failure == .wrongPeer(expected: ReplicaID(1), actual: ReplicaID(2)))
        #expect(run.initiator.failure == .refused(.wrongPeer))
    }

    @Test("an initiator that nobody knows is refused")
    func unknownReplica() throws {
        let larger = try HandshakeFixture(count: 4)
        let small = try Roster(chain: HandshakeFixture.chain, scheme: .mlDSA65, peers: Array(larger.peers[1...]))
        let responder = HandshakeStateMachine(respondingAs: ReplicaID(3), signer: larger.signers[3], roster: small)
        let run = HandshakeRun(larger.initiator(0, to: 3), responder)
        #expect(run.responder.failure == .unknownReplica(ReplicaID(0)))
    }

    @Test("an initiator with another key than its identity's is refused")
    func impostorDials() throws {
        let impostor = HandshakeStateMachine(
            initiatingTo: ReplicaID(1),
            as: .replica(ReplicaID(0), try HandshakeFixture.stranger()),
            roster: fixture.roster
        )
        #expect(HandshakeRun(impostor, fixture.responder(1)).responder.failure == .invalidSignature(ReplicaID(0)))
    }

    @Test("a responder with another key than its identity's is refused, and learns nothing more")
    func impostorAnswers() throws {
        let impostor = HandshakeStateMachine(
            respondingAs: ReplicaID(1),
            signer: try HandshakeFixture.stranger(),
            roster: fixture.roster
        )
        let run = HandshakeRun(fixture.initiator(0, to: 1), impostor)
        #expect(run.initiator.failure == .invalidSignature(ReplicaID(1)))
        #expect(run.flights[2].isEmpty)
    }

    @Test("a replica of larger identity may not dial")
    func wrongDirection() {
        let run = HandshakeRun(fixture.initiator(2, to: 1), fixture.responder(1))
        #expect(run.responder.failure == .wrongDirection(ReplicaID(2)))
    }

    @Test("a replica that reaches itself hangs up")
    func selfConnection() {
        let run = HandshakeRun(fixture.initiator(1, to: 1), fixture.responder(1))
        #expect(run.responder.failure == .selfConnection)
    }

    @Test("a replayed initiator gets nowhere")
    func replayedInitiator() throws {
        let recorded = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        var responder = fixture.responder(1)
        let answer = responder.receive(recorded.flights[0])
        #expect(answer.isWaiting)
        #expect(answer.output != recorded.flights[1])
        #expect(responder.receive(recorded.flights[2]).verdict.failure == .notAuthentic)
    }

    @Test("a replayed responder gets nowhere")
    func replayedResponder() {
        let recorded = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        var initiator = fixture.initiator(0, to: 1)
        _ = initiator.start()
        #expect(initiator.receive(recorded.flights[1]).verdict.failure == .notAuthentic)
    }

    @Test("what an initiator hears of itself is no answer")
    func reflection() {
        var initiator = fixture.initiator(0, to: 1)
        let hello = initiator.start().output
        #expect(initiator.receive(hello).verdict.failure == .malformed(.unexpectedRecord))
        let recorded = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1))
        var responder = fixture.responder(1)
        #expect(responder.receive(recorded.flights[1]).verdict.failure == .malformed(.unexpectedRecord))
    }

    @Test("a responder's own proof, sent back to it, is not an initiator's")
    func reflectedProof() throws {
        var initiator = fixture.initiator(0, to: 1)
        var responder = fixture.responder(1)
        let answer = responder.receive(initiator.start().output).output
        let proofStart = HandshakeRecord.headerByteCount + ServerHello.byteCount
        var reflected = Array(answer[proofStart...])
        #expect(reflected.first == HandshakeRecord.Kind.responderProof.rawValue)
        reflected[0] = HandshakeRecord.Kind.initiatorProof.rawValue
        #expect(responder.receive(reflected).verdict.failure == .notAuthentic)
    }

    @Test("a machine whose verdict is out takes no more")
    func afterTheEnd() {
        var responder = fixture.responder(1)
        #expect(responder.receive([77]).verdict.failure == .malformed(.unexpectedRecord))
        #expect(responder.receive(fixture.clientHello()).verdict.failure == .malformed(.unexpectedRecord))
        var other = fixture.responder(1)
        #expect(other.start().output.isEmpty)
    }
}

extension HandshakeFixture {
    func clientHello() -> [UInt8] {
        var initiator = initiator(0, to: 1)
        return initiator.start().output
    }
}
