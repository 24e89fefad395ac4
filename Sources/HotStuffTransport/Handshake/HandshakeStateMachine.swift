import HotStuff
import PostQuantum

/// The handshake of one connection as a value: bytes in, bytes and a verdict out.
///
///     initiator                                   responder
///     ClientHello: versions, chain, profile, role,
///       whom, nonce, X-Wing public key      ->
///                                           <-    ServerHello: version, chain, nonce, X-Wing ciphertext
///                                           <-    {ResponderProof: identity, signature}
///     {InitiatorProof: identity, signature
///       of a replica; nothing of a client}  ->
///
/// What stands in braces is sealed under keys made of the agreed secret and the transcript before it; each signature is over
/// the transcript before it. A changed byte anywhere changes the keys of one side, and nothing opens any more. The initiator's
/// key pair lives as long as the handshake: a signing key that leaks later opens no recorded connection. The traffic keys come
/// from the whole transcript. Neither side sends more before the other has shown, by a first frame, that it has the keys.
struct HandshakeStateMachine: Sendable {
    /// The version of the handshake and the frames that this program speaks.
    static let version: UInt16 = 1

    private enum State: Sendable {
        case initiator(HandshakeInitiator)
        case responder(HandshakeResponder)
        case over
    }

    private var state: State
    private var reader = HandshakeRecordReader()
    private let signatureByteCount: Int

    /// Creates the machine of the side that dials.
    init(initiatingTo peer: ReplicaID, as identity: LocalIdentity, roster: Roster) {
        state = .initiator(HandshakeInitiator(peer: peer, identity: identity, roster: roster))
        signatureByteCount = roster.scheme.signatureByteCount
    }

    /// Creates the machine of the side that is dialled.
    init(respondingAs replica: ReplicaID, signer: any Signer, roster: Roster) {
        state = .responder(HandshakeResponder(replica: replica, signer: signer, roster: roster))
        signatureByteCount = roster.scheme.signatureByteCount
    }

    /// Begins: the side that dials gets its first message, the other waits.
    mutating func start() -> HandshakeStep {
        guard case .initiator(var initiator) = state else { return HandshakeStep() }
        do {
            let hello = try initiator.start()
            state = .initiator(initiator)
            return HandshakeStep(output: hello.encoded)
        } catch {
            state = .over
            return HandshakeStep(verdict: .failed(error))
        }
    }

    /// Takes bytes as they come, in pieces of any size.
    mutating func receive(_ bytes: [UInt8]) -> HandshakeStep {
        reader.append(bytes)
        var step = HandshakeStep()
        do {
            while step.isWaiting, let record = try nextRecord() {
                try handle(record, into: &step)
            }
            if case .established = step.verdict, !reader.isEmpty { throw ConnectionFailure.malformed(.trailingBytes) }
        } catch {
            let failure = ConnectionFailure(decoding: error)
            // What was about to be said is not: the other side must not take this handshake for a good one.
            step.output = []
            if case .responder(let responder) = state, let refusal = responder.refusal(for: failure) {
                step.output = refusal.encoded
            }
            step.verdict = .failed(failure)
        }
        if !step.isWaiting { state = .over }
        return step
    }

    private mutating func nextRecord() throws(ConnectionFailure) -> HandshakeRecord? {
        let expected: [HandshakeRecord.Kind] =
            switch state {
            case .initiator(let initiator): initiator.expected
            case .responder(let responder): responder.expected
            case .over: []
            }
        return try reader.next(expecting: expected, signatureByteCount: signatureByteCount)
    }

    private mutating func handle(_ record: HandshakeRecord, into step: inout HandshakeStep) throws(ConnectionFailure) {
        switch state {
        case .initiator(var initiator):
            try initiator.receive(record, into: &step)
            state = .initiator(initiator)
        case .responder(var responder):
            // Also who refuses remembers why.
            defer { state = .responder(responder) }
            try responder.receive(record, into: &step)
        case .over:
            throw .malformed(.unexpectedRecord)
        }
    }
}

/// What a handshake wants done: first send these bytes, then act on the verdict.
struct HandshakeStep: Sendable {
    enum Verdict: Sendable {
        /// More bytes of the other side are needed.
        case wait
        /// The other side is who it says.
        case established(Session)
        /// The connection is to be closed.
        case failed(ConnectionFailure)
    }

    var output: [UInt8] = []
    var verdict: Verdict = .wait

    /// Whether the handshake goes on.
    var isWaiting: Bool {
        switch verdict {
        case .wait: true
        case .established, .failed: false
        }
    }
}

/// What a handshake leaves behind: who the other side is, and the cipher.
struct Session: Sendable {
    let remote: RemoteIdentity
    let sealer: FrameSealer
    let opener: FrameOpener

    init(
        remote: RemoteIdentity,
        keys: KeySchedule,
        sending direction: Direction,
        transcript: Transcript
    ) throws(ConnectionFailure) {
        let other: Direction =
            switch direction {
            case .fromInitiator: .fromResponder
            case .fromResponder: .fromInitiator
            }
        self.remote = remote
        do {
            sealer = try FrameSealer(key: keys.trafficKey(direction, transcript: transcript))
            opener = try FrameOpener(key: keys.trafficKey(other, transcript: transcript))
        } catch {
            throw .keyAgreementFailed
        }
    }
}
