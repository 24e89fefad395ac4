internal import HotStuff
internal import PostQuantum

/// The context of every signature over a statement, which keeps them apart from those of handshakes.
let statementContext = Array("swift-hotstuff statement".utf8)

/// Judges the statements of a validator set by its public keys.
struct StatementVerifier: SignatureVerifier {
    private let verifiers: [any Verifier]

    init(validators: ValidatorSet, scheme: SignatureScheme) throws(KeyError) {
        var verifiers: [any Verifier] = []
        for validator in validators.validators {
            verifiers.append(try scheme.makeVerifier(key: validator.verificationKey))
        }
        self.verifiers = verifiers
    }

    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        guard signer.index < verifiers.count else { return false }
        return verifiers[signer.index].isValid(signature.bytes, for: statement.bytes, context: statementContext)
    }
}
