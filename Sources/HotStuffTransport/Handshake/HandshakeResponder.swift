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
    /// In what the initiator's chain differs, if it does and has said so: the place of the part, and what it is here.
    private var difference: RefusalRecord.Difference?

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
    func refusal(for failure: ConnectionFailure) -> HandshakeRecord? {
        guard case .awaitingHello = state else { return nil }
        return switch failure {
        case .wrongChain: RefusalRecord(.wrongChain, difference: difference).record
        case .unsupportedVersion: RefusalRecord(.unsupportedVersion).record
        case .wrongPeer: RefusalRecord(.wrongPeer).record
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
        guard hello.chain == roster.chain else { throw .wrongChain(note(hello.profile)) }
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

    /// Finds out in what another chain differs.
    private mutating func note(_ profile: [UInt64]) -> String? {
        guard !profile.isEmpty, let found = roster.profile.firstDifference(from: profile) else { return nil }
        difference = RefusalRecord.Difference(place: found.place, value: roster.profile.parts[found.place].value)
        return roster.profile.description(ofDifferenceAt: found.place, value: found.value)
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
