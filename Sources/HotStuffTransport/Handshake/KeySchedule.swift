import BLAKE3
import HotStuff
import PostQuantum

/// Which of the two sides sends.
enum Direction: String, Sendable {
    case fromInitiator = "initiator"
    case fromResponder = "responder"

    /// The context of this side's identity signature (FIPS 204, section 5.2), so that neither side's passes for the other's.
    var signatureContext: [UInt8] { Array("hotstuff handshake \(rawValue)".utf8) }
}

/// The keys of a connection, each derived with BLAKE3 from the shared secret and all that was sent before it is used.
struct KeySchedule: Sendable {
    private let sharedSecret: SecretBytes

    init(sharedSecret: SecretBytes) {
        self.sharedSecret = sharedSecret
    }

    /// The key that seals this side's identity proof.
    func handshakeKey(_ direction: Direction, transcript: Transcript) -> SecretBytes {
        derive("hotstuff transport 1 handshake \(direction.rawValue)", transcript)
    }

    /// The key that seals this side's frames.
    func trafficKey(_ direction: Direction, transcript: Transcript) -> SecretBytes {
        derive("hotstuff transport 1 traffic \(direction.rawValue)", transcript)
    }

    private func derive(_ context: String, _ transcript: Transcript) -> SecretBytes {
        SecretBytes(BLAKE3.deriveKey(context: context, material: sharedSecret.reveal() + transcript.hash).bytes)
    }
}

extension IdentityProof {
    /// The 32 bytes that a replica signs: who it is, and all that was sent before its proof.
    static func statement(of replica: ReplicaID, transcript: Transcript) -> [UInt8] {
        BLAKE3.deriveKey(context: "hotstuff transport 1 identity", material: transcript.hash + replica.encoded).bytes
    }

    /// Signs the proof of the own identity.
    init(
        of replica: ReplicaID,
        signer: any Signer,
        direction: Direction,
        transcript: Transcript
    ) throws(ConnectionFailure) {
        let statement = IdentityProof.statement(of: replica, transcript: transcript)
        do {
            self.init(
                replica: replica,
                signature: try signer.sign(statement, context: direction.signatureContext)
            )
        } catch {
            throw .signingFailed
        }
    }

    /// Fails unless the replica that is named signed this very transcript for this very direction.
    func verify(direction: Direction, transcript: Transcript, roster: Roster) throws(ConnectionFailure) {
        guard let verifier = roster.verifier(of: replica) else { throw .unknownReplica(replica) }
        let statement = IdentityProof.statement(of: replica, transcript: transcript)
        guard verifier.isValid(signature, for: statement, context: direction.signatureContext) else {
            throw .invalidSignature(replica)
        }
    }
}

/// Seals and opens the one record that each side seals during the handshake.
enum HandshakeSeal {
    static func seal(
        _ plaintext: [UInt8],
        as kind: HandshakeRecord.Kind,
        key: SecretBytes
    ) throws(ConnectionFailure) -> HandshakeRecord {
        do {
            var sealer = try FrameSealer(key: key)
            let body = try sealer.seal(plaintext, authenticating: [kind.rawValue])
            return HandshakeRecord(kind: kind, body: body)
        } catch {
            throw .keyAgreementFailed
        }
    }

    static func open(_ record: HandshakeRecord, key: SecretBytes) throws(ConnectionFailure) -> [UInt8] {
        do {
            var opener = try FrameOpener(key: key)
            return try opener.open(record.body, authenticating: [record.kind.rawValue])
        } catch {
            throw .notAuthentic
        }
    }
}
