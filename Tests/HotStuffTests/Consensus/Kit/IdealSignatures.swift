import HotStuff

/// Signatures that nobody forges by accident: a mix of signer, statement and a variant.
///
/// Like the real scheme it is randomised: one statement of one signer has many valid signatures, one for each variant.
struct IdealSignatures: SignatureVerifier {
    /// The signature of a replica under a statement's digest.
    static func sign(_ statement: Digest, by signer: ReplicaID, variant: UInt8 = 0) -> Signature {
        var mixer = SplitMix64(seed: UInt64(signer.rawValue) << 8 | UInt64(variant))
        for word in [statement.word0, statement.word1, statement.word2, statement.word3] {
            mixer = SplitMix64(seed: mixer.next() ^ word)
        }
        let tag = mixer.next()
        return Signature([variant] + (0..<8).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) })
    }

    /// Whether the bytes are one of the signatures that `sign` makes.
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        guard let variant = signature.bytes.first else { return false }
        return signature == IdealSignatures.sign(statement, by: signer, variant: variant)
    }
}

/// A verifier that counts what it is asked.
final class CountingSignatures: SignatureVerifier, @unchecked Sendable {
    // Each test uses its own from one thread; the protocol demands Sendable.
    private(set) var count = 0

    /// Counts, then judges.
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        count += 1
        return IdealSignatures().isValid(signature, on: statement, by: signer)
    }
}
