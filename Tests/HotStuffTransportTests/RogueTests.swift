import HotStuff
import PostQuantum
import Testing

@testable import HotStuffTransport

/// Someone who knows the protocol, holds keys of their own, and lies with correctly sealed records.
@Suite("Handshake against those who know it")
struct RogueTests {
    private let fixture: HandshakeFixture

    init() throws {
        fixture = try HandshakeFixture(count: 3)
    }

    /// Answers a hello with a proof of the rogue's choice.
    private func answer(
        to hello: [UInt8],
        proof: (Transcript) throws -> [UInt8]
    ) throws -> [UInt8] {
        let body = Array(hello[HandshakeRecord.headerByteCount...])
        let decoded = try ClientHello(decoding: body, supported: [1])
        let encapsulation = try XWing.encapsulate(to: decoded.publicKey)
        let answer = ServerHello(
            version: 1,
            chain: HandshakeFixture.chain,
            nonce: [UInt8](repeating: 0, count: 32),
            ciphertext: encapsulation.ciphertext
        )
        let record = HandshakeRecord(kind: .serverHello, body: answer.encoded)
        var transcript = Transcript()
        transcript.append(HandshakeRecord(kind: .clientHello, body: body))
        transcript.append(record)
        let sealed = try HandshakeSeal.seal(
            proof(transcript),
            as: .responderProof,
            key: KeySchedule(sharedSecret: encapsulation.sharedSecret)
                .handshakeKey(.fromResponder, transcript: transcript)
        )
        return record.encoded + sealed.encoded
    }

    private func verdict(_ proof: (Transcript) throws -> [UInt8]) throws -> ConnectionFailure? {
        var initiator = fixture.initiator(0, to: 1)
        let answer = try answer(to: initiator.start().output, proof: proof)
        return initiator.receive(answer).verdict.failure
    }

    private func proof(
        of replica: UInt16,
        signedBy signer: Int,
        direction: Direction,
        _ transcript: Transcript
    ) throws -> [UInt8] {
        try IdentityProof(
            of: ReplicaID(replica),
            signer: fixture.signers[signer],
            direction: direction,
            transcript: transcript
        ).encoded
    }

    @Test("the rogue of these tests is let in when it does nothing wrong")
    func honest() throws {
        #expect(try verdict { try proof(of: 1, signedBy: 1, direction: .fromResponder, $0) } == nil)
    }

    @Test("another replica's true proof is not the one that was dialled")
    func anotherReplica() throws {
        let failure = try verdict { try proof(of: 2, signedBy: 2, direction: .fromResponder, $0) }
        #expect(failure == .wrongPeer(expected: ReplicaID(1), actual: ReplicaID(2)))
    }

    @Test("a proof made with another replica's key is refused")
    func anotherKey() throws {
        let failure = try verdict { try proof(of: 1, signedBy: 2, direction: .fromResponder, $0) }
        #expect(failure == .invalidSignature(ReplicaID(1)))
    }

    @Test("a proof made for the other role is refused")
    func anotherRole() throws {
        let failure = try verdict { try proof(of: 1, signedBy: 1, direction: .fromInitiator, $0) }
        #expect(failure == .invalidSignature(ReplicaID(1)))
    }

    @Test("a proof over another transcript is refused")
    func anotherTranscript() throws {
        let failure = try verdict { _ in
            try proof(of: 1, signedBy: 1, direction: .fromResponder, Transcript())
        }
        #expect(failure == .invalidSignature(ReplicaID(1)))
    }

    @Test("a proof of another length is refused")
    func length() throws {
        #expect(try verdict { _ in [] } == .malformed(.truncatedRecord))
        #expect(try verdict { _ in [1, 0, 1, 2, 3] } == .malformed(.truncatedRecord))
    }

    @Test("a client that shows a proof, and a replica that shows none, are refused")
    func roles() throws {
        for (role, proof, expected) in [
            (.client, [0, 0], .malformed(.trailingBytes)), (.replica, [], .malformed(.truncatedRecord)),
        ] as [(InitiatorRole, [UInt8], ConnectionFailure)] {
            let key = try XWing.EphemeralKey()
            let hello = ClientHello(
                versions: [1],
                chain: HandshakeFixture.chain,
                role: role,
                peer: ReplicaID(1),
                nonce: [UInt8](repeating: 0, count: 32),
                publicKey: key.publicKey
            )
            let helloRecord = HandshakeRecord(kind: .clientHello, body: hello.encoded)
            var responder = fixture.responder(1)
            let answer = responder.receive(helloRecord.encoded).output
            let end = HandshakeRecord.headerByteCount + ServerHello.byteCount
            let answerBody = Array(answer[HandshakeRecord.headerByteCount..<end])
            let secret = try key.decapsulate(ServerHello(decoding: answerBody).ciphertext)
            var transcript = Transcript()
            transcript.append(helloRecord)
            transcript.append(HandshakeRecord(kind: .serverHello, body: answerBody))
            let proofBody = Array(answer[(end + HandshakeRecord.headerByteCount)...])
            transcript.append(HandshakeRecord(kind: .responderProof, body: proofBody))
            let record = try HandshakeSeal.seal(
                proof,
                as: .initiatorProof,
                key: KeySchedule(sharedSecret: secret).handshakeKey(.fromInitiator, transcript: transcript)
            )
            #expect(responder.receive(record.encoded).verdict.failure == expected)
        }
    }
}
