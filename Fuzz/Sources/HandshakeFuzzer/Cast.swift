internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffTransport
internal import PostQuantum

/// Four replicas with keys that are the same in every run, somebody without a place, and what was once said among them.
struct Cast: Sendable {
    static let standard = Cast()

    let scheme = SignatureScheme.mlDSA44
    let signers: [any Signer]
    let stranger: any Signer
    let keys: FuzzedHandshake.Keys
    /// What two of the replicas sent each other in a handshake that is over.
    let recording: [[UInt8]]

    private init() {
        do {
            let scheme = scheme
            let signers = try (0..<4).map { try scheme.makeSigner(seed: Self.seed($0)) }
            let peers = signers.enumerated().map { index, signer in
                Peer(id: ReplicaID(UInt16(index)), host: "-", port: 0, verificationKey: signer.verificationKey.bytes)
            }
            self.signers = signers
            stranger = try scheme.makeSigner(seed: Self.seed(9))
            keys = try FuzzedHandshake.Keys(chain: Digest.hash(of: [1]), scheme: scheme, peers: peers)
            var initiator = FuzzedHandshake(dialling: ReplicaID(2), as: (ReplicaID(1), signers[1]), keys: keys)
            var responder = FuzzedHandshake(answeringAs: ReplicaID(2), signer: signers[2], keys: keys)
            let hello = initiator.start()
            let answer = responder.receive(hello)
            recording = [hello, answer, initiator.receive(answer)]
        } catch {
            fail("there is no cast: \(error)")
        }
    }

    private static func seed(_ number: UInt8) -> SecretBytes { SecretBytes([UInt8](repeating: number, count: 32)) }

    /// One of the replicas.
    func replica(_ input: inout ByteReader) -> ReplicaID { ReplicaID(UInt16(input.byte() % 4)) }

    /// The side of a replica, or of a client, that dials.
    func initiator(_ own: ReplicaID?, to peer: ReplicaID) -> FuzzedHandshake {
        FuzzedHandshake(dialling: peer, as: own.map { ($0, signers[$0.index]) }, keys: keys)
    }

    /// The side of a replica that is dialled.
    func responder(_ own: ReplicaID) -> FuzzedHandshake {
        FuzzedHandshake(answeringAs: own, signer: signers[own.index], keys: keys)
    }
}
