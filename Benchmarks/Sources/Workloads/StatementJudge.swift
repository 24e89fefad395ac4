internal import HotStuff
internal import PostQuantum

/// Judges the signatures of some replicas in the calling thread, so that its work is the same each time.
struct StatementJudge: SignatureVerifier {
    static let context = Array("swift-hotstuff workload ".utf8)

    private let keys: [PreparedVerificationKey]

    init(_ keys: [SigningKey]) { self.keys = keys.map(\.verifier) }

    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        signer.index < keys.count
            && keys[signer.index].isValid(signature.bytes, for: statement.bytes, context: Self.context)
    }
}
