internal import BLAKE3
package import HotStuff

/// The keys of everybody in a simulated world: signatures that are cheap, and that nobody in the world can forge.
///
/// A signature is a keyed hash of the signed digest under a secret that only the simulator holds; who may sign as whom is
/// decided by who holds a `Pen`. Like the real scheme it is randomised: one statement of one signer has 256 valid signatures.
package struct IdealKeys: SignatureVerifier {
    private let secrets: [[UInt8]]

    /// Creates the keys of as many signers, all from a seed.
    package init(count: Int, seed: UInt64) {
        secrets = (0..<count).map { index in
            var random = RandomSource(seed: seed ^ (UInt64(index) &+ 1) &* 0x9e37_79b9_7f4a_7c15)
            return (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
    }

    /// The right to sign as one replica.
    package func pen(of replica: ReplicaID) -> Pen {
        Pen(of: replica) { digest, variant in sign(digest, by: replica, variant: variant) }
    }

    /// Whether the bytes are one of the signatures that the signer's pen makes.
    package func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        guard signer.index < secrets.count, let variant = signature.bytes.first else { return false }
        return signature == sign(statement, by: signer, variant: variant)
    }

    fileprivate func sign(_ statement: Digest, by signer: ReplicaID, variant: UInt8) -> Signature {
        var encoder = BorshEncoder(capacity: 33)
        encoder.append(variant)
        encoder.append(statement)
        guard let tag = BLAKE3.keyedHash(encoder.bytes, key: secrets[signer.index]) else {
            preconditionFailure("a secret of \(secrets[signer.index].count) bytes")
        }
        var bytes = BorshEncoder(capacity: 17)
        bytes.append(variant)
        bytes.append(tag.word0)
        bytes.append(tag.word1)
        return Signature(bytes.bytes)
    }
}

/// The right to sign as one replica: what the holder of a private key has.
package struct Pen: Sendable {
    /// As whom it signs.
    package let replica: ReplicaID
    private let signature: @Sendable (Digest, UInt8) -> Signature

    /// Creates the pen of a replica.
    ///
    /// - Parameters:
    ///   - replica: as whom it signs.
    ///   - signature: signs a digest; each of 256 variants gives another valid signature.
    package init(of replica: ReplicaID, signature: @escaping @Sendable (Digest, UInt8) -> Signature) {
        self.replica = replica
        self.signature = signature
    }

    /// Signs a digest; each variant gives another valid signature.
    package func sign(_ digest: Digest, variant: UInt8 = 0) -> Signature { signature(digest, variant) }
}
