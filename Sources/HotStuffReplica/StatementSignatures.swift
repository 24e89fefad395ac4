package import HotStuff
package import PostQuantum

/// The context of every signature over a statement, which keeps them apart from those of handshakes.
private let statementContext = Array("swift-hotstuff statement".utf8)

extension Signer {
    /// Signs the digest of a statement.
    package func sign(statement: Digest) throws(SigningError) -> Signature {
        Signature(try sign(statement.bytes, context: statementContext))
    }
}

extension MessageVerifier {
    /// Creates the verifier that a replica uses: by the public keys of the committee, on the threads of a pool.
    ///
    /// - Parameters:
    ///   - committee: the epoch's committee.
    ///   - parameters: the chain's limits.
    ///   - scheme: how the committee signs.
    ///   - pool: helps with certificates of many signatures.
    /// - Throws: why a public key of the committee is none.
    package init(
        committee: Committee,
        parameters: ChainParameters,
        scheme: SignatureScheme,
        pool: VerificationPool
    ) throws(KeyError) {
        self.init(
            committee: committee,
            parameters: parameters,
            verifier: try StatementVerifier(validators: committee.validators, scheme: scheme, pool: pool)
        )
    }
}

/// Judges the statements of a validator set by its public keys.
package struct StatementVerifier: SignatureVerifier {
    private let verifiers: [any Verifier]
    private let pool: VerificationPool

    /// Creates the judge of a validator set that signs by some scheme, with a pool that helps.
    package init(validators: ValidatorSet, scheme: SignatureScheme, pool: VerificationPool) throws(KeyError) {
        var verifiers: [any Verifier] = []
        for validator in validators.validators {
            verifiers.append(try scheme.makeVerifier(key: validator.verificationKey))
        }
        self.verifiers = verifiers
        self.pool = pool
    }

    /// Whether a validator made this signature over this statement's digest.
    package func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        guard signer.index < verifiers.count else { return false }
        return verifiers[signer.index].isValid(signature.bytes, for: statement.bytes, context: statementContext)
    }

    /// The index of the first signature that is not valid; none if all are valid.
    package func firstInvalid(of signed: [SignedDigest]) -> Int? { pool.firstInvalid(of: signed, by: self) }
}
