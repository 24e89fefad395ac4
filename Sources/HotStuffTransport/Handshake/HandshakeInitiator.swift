import HotStuff
import PostQuantum

/// The side of the handshake that dials.
struct HandshakeInitiator: Sendable {
    private struct AwaitingHello: Sendable {
        let key: XWing.EphemeralKey
        let transcript: Transcript
    }

    private struct AwaitingProof: Sendable {
        let keys: KeySchedule
        let transcript: Transcript
    }

    private enum State: Sendable {
        case idle
        case awaitingHello(AwaitingHello)
        case awaitingProof(AwaitingProof)
        case done
    }

    private let peer: ReplicaID
    private let identity: LocalIdentity
    private let roster: Roster
    private var state = State.idle

    init(peer: ReplicaID, identity: LocalIdentity, roster: Roster) {
        self.peer = peer
        self.identity = identity
        self.roster = roster
    }

    /// The records that may come next.
    var expected: [HandshakeRecord.Kind] {
        switch state {
        case .awaitingHello: [.serverHello, .refusal]
        case .awaitingProof: [.responderProof]
        case .idle, .done: []
        }
    }

    /// The first message.
    mutating func start() throws(ConnectionFailure) -> HandshakeRecord {
        guard let key = try? XWing.EphemeralKey() else { throw .keyAgreementFailed }
        let role: InitiatorRole =
            switch identity {
            case .replica: .replica
            case .anonymous: .client
            }
        let hello = ClientHello(
            versions: [HandshakeStateMachine.version],
            chain: roster.chain,
            profile: roster.profile.parts.map(\.value),
            role: role,
            peer: peer,
            nonce: SecretBytes.random(count: ClientHello.nonceByteCount).reveal(),
            publicKey: key.publicKey
        )
        let record = HandshakeRecord(kind: .clientHello, body: hello.encoded)
        var transcript = Transcript()
        transcript.append(record)
        state = .awaitingHello(AwaitingHello(key: key, transcript: transcript))
        return record
    }

    /// Takes a record of an expected kind.
    mutating func receive(_ record: HandshakeRecord, into step: inout HandshakeStep) throws(ConnectionFailure) {
        switch state {
        case .awaitingHello(let waiting):
            guard record.kind == .serverHello else {
                throw ConnectionFailure(refusal: record, of: roster.profile)
            }
            try receiveHello(record, waiting)
        case .awaitingProof(let waiting):
            try receiveProof(record, waiting, into: &step)
        case .idle, .done:
            throw .malformed(.unexpectedRecord)
        }
    }

    private mutating func receiveHello(_ record: HandshakeRecord, _ waiting: AwaitingHello) throws(ConnectionFailure) {
        let hello = try ServerHello(decoding: record.body)
        guard hello.version == HandshakeStateMachine.version else { throw .unsupportedVersion }
        guard hello.chain == roster.chain else { throw .wrongChain(nil) }
        guard let secret = try? waiting.key.decapsulate(hello.ciphertext) else { throw .keyAgreementFailed }
        var transcript = waiting.transcript
        transcript.append(record)
        state = .awaitingProof(AwaitingProof(keys: KeySchedule(sharedSecret: secret), transcript: transcript))
    }

    private mutating func receiveProof(
        _ record: HandshakeRecord,
        _ waiting: AwaitingProof,
        into step: inout HandshakeStep
    ) throws(ConnectionFailure) {
        var transcript = waiting.transcript
        let key = waiting.keys.handshakeKey(.fromResponder, transcript: transcript)
        let proof = try IdentityProof(
            decoding: HandshakeSeal.open(record, key: key),
            signatureByteCount: roster.scheme.signatureByteCount
        )
        guard proof.replica == peer else { throw .wrongPeer(expected: peer, actual: proof.replica) }
        try proof.verify(direction: .fromResponder, transcript: transcript, roster: roster)
        transcript.append(record)

        let answer = try HandshakeSeal.seal(
            ownProof(over: transcript),
            as: .initiatorProof,
            key: waiting.keys.handshakeKey(.fromInitiator, transcript: transcript)
        )
        transcript.append(answer)
        let session = try Session(
            remote: .replica(peer),
            keys: waiting.keys,
            sending: .fromInitiator,
            transcript: transcript
        )
        step.output += answer.encoded
        step.verdict = .established(session)
        state = .done
    }

    private func ownProof(over transcript: Transcript) throws(ConnectionFailure) -> [UInt8] {
        switch identity {
        case .anonymous:
            []
        case .replica(let replica, let signer):
            try IdentityProof(of: replica, signer: signer, direction: .fromInitiator, transcript: transcript).encoded
        }
    }
}
