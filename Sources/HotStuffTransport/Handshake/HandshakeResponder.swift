import HotStuff
import PostQuantum

/// The side of the handshake that is dialled.
struct HandshakeResponder: Sendable {
    private struct AwaitingProof: Sendable {
        let role: InitiatorRole
        let keys: KeySchedule
        let transcript: Transcript
    }

    private enum State: Sendable {
        case awaitingHello
        case awaitingProof(AwaitingProof)
        case done
    }

    private let replica: ReplicaID
    private let signer: any Signer
    private let roster: Roster
    private var state = State.awaitingHello

    init(replica: ReplicaID, signer: any Signer, roster: Roster) {
        self.replica = replica
        self.signer = signer
        self.roster = roster
    }

    /// The records that may come next.
    var expected: [HandshakeRecord.Kind] {
        switch state {
        case .awaitingHello: [.clientHello]
        case .awaitingProof: [.initiatorProof]
        case .done: []
        }
    }

    /// What may be said in the open about a failure; after the hellos, nothing.
    func refusal(for failure: ConnectionFailure) -> Refusal? {
        guard case .awaitingHello = state else { return nil }
        return switch failure {
        case .wrongChain: .wrongChain
        case .unsupportedVersion: .unsupportedVersion
        case .wrongPeer: .wrongPeer
        default: nil
        }
    }

    /// Takes a record of an expected kind.
    mutating func receive(_ record: HandshakeRecord, into step: inout HandshakeStep) throws(ConnectionFailure) {
        switch state {
        case .awaitingHello:
            try receiveHello(record, into: &step)
        case .awaitingProof(let waiting):
            step.verdict = .established(try receiveProof(record, waiting))
            state = .done
        case .done:
            throw .malformed(.unexpectedRecord)
        }
    }

    private mutating func receiveHello(
        _ record: HandshakeRecord,
        into step: inout HandshakeStep
    ) throws(ConnectionFailure) {
        let hello = try ClientHello(decoding: record.body, supported: [HandshakeStateMachine.version])
        guard hello.chain == roster.chain else { throw .wrongChain }
        guard hello.peer == replica else { throw .wrongPeer(expected: hello.peer, actual: replica) }
        guard let encapsulation = try? XWing.encapsulate(to: hello.publicKey) else { throw .keyAgreementFailed }
        let answer = ServerHello(
            version: HandshakeStateMachine.version,
            chain: roster.chain,
            nonce: SecretBytes.random(count: ClientHello.nonceByteCount).reveal(),
            ciphertext: encapsulation.ciphertext
        )
        let answerRecord = HandshakeRecord(kind: .serverHello, body: answer.encoded)
        var transcript = Transcript()
        transcript.append(record)
        transcript.append(answerRecord)

        let keys = KeySchedule(sharedSecret: encapsulation.sharedSecret)
        let proof = try IdentityProof(of: replica, signer: signer, direction: .fromResponder, transcript: transcript)
        let proofRecord = try HandshakeSeal.seal(
            proof.encoded,
            as: .responderProof,
            key: keys.handshakeKey(.fromResponder, transcript: transcript)
        )
        transcript.append(proofRecord)
        step.output += answerRecord.encoded + proofRecord.encoded
        state = .awaitingProof(AwaitingProof(role: hello.role, keys: keys, transcript: transcript))
    }

    private func receiveProof(
        _ record: HandshakeRecord,
        _ waiting: AwaitingProof
    ) throws(ConnectionFailure) -> Session {
        var transcript = waiting.transcript
        let key = waiting.keys.handshakeKey(.fromInitiator, transcript: transcript)
        let plaintext = try HandshakeSeal.open(record, key: key)
        let remote: RemoteIdentity
        switch waiting.role {
        case .client:
            guard plaintext.isEmpty else { throw .malformed(.trailingBytes) }
            remote = .anonymous
        case .replica:
            let proof = try IdentityProof(
                decoding: plaintext,
                signatureByteCount: roster.scheme.signatureByteCount
            )
            guard proof.replica != replica else { throw .selfConnection }
            try proof.verify(direction: .fromInitiator, transcript: transcript, roster: roster)
            guard proof.replica.dials(replica) else { throw .wrongDirection(proof.replica) }
            remote = .replica(proof.replica)
        }
        transcript.append(record)
        return try Session(remote: remote, keys: waiting.keys, sending: .fromResponder, transcript: transcript)
    }
}
