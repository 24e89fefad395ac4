/// The signatures that this replica has verified lately, so that none is verified twice.
///
/// A signature is remembered by signer and statement, with its bytes. Only the very bytes that were verified are believed:
/// a signature scheme may be randomised, and whoever sends other bytes for a vote that we hold has proved nothing. If they
/// are valid as well, they are remembered beside the first.
///
/// Each signer has a ring of its own, in which its newest signature takes the place of its oldest. Nobody but the holder of a
/// key makes new ones, so one who signs without end forgets its own and no one else's. Whoever replays old certificates can
/// still push newer signatures out: that costs verifying them again, and nothing else.
struct VerifiedSignatures: Sendable {
    private struct Entry: Sendable {
        let statement: Digest
        let signature: Signature
    }

    private struct Ring: Sendable {
        var entries: [Entry] = []
        var oldest = 0
    }

    private var rings: [Ring]
    private let capacity: Int

    /// Creates an empty memory.
    ///
    /// - Parameters:
    ///   - signerCount: how many signers there are.
    ///   - capacity: how many signatures of each are kept.
    init(signerCount: Int, capacity: Int) {
        precondition(capacity > 0, "a memory for \(capacity) signatures")
        rings = Array(repeating: Ring(), count: signerCount)
        self.capacity = capacity
    }

    /// Whether exactly this signature has been verified and is remembered.
    ///
    /// Complexity: O(capacity) words, and the bytes of one signature.
    func contains(_ signed: SignedDigest) -> Bool {
        guard signed.signer.index < rings.count else { return false }
        return rings[signed.signer.index].entries.contains {
            $0.statement == signed.digest && ($0.signature == signed.signature || mutant("believe-cached-signer"))
        }
    }

    /// Remembers a signature that has been verified; a stranger's is not.
    mutating func insert(_ signed: SignedDigest) {
        let signer = signed.signer.index
        guard signer < rings.count, !contains(signed) else { return }
        let entry = Entry(statement: signed.digest, signature: signed.signature)
        if rings[signer].entries.count < capacity {
            rings[signer].entries.append(entry)
        } else {
            let oldest = rings[signer].oldest
            rings[signer].entries[oldest] = entry
            rings[signer].oldest = (oldest + 1) % capacity
        }
    }
}
