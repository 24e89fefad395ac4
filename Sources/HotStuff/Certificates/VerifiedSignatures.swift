/// The signatures that this replica has verified lately, so that none is verified twice.
///
/// A signature is remembered by signer and statement, with its bytes. Only the very bytes that were verified are believed:
/// a signature scheme may be randomised, and whoever sends other bytes for a vote that we hold has proved nothing.
struct VerifiedSignatures: Sendable {
    private struct Key: Hashable, Sendable {
        let signer: ReplicaID
        let statement: Digest
    }

    private var signatures: [Key: Signature] = [:]
    private var ring: [Key] = []
    private var oldest = 0
    private let capacity: Int

    /// Creates an empty memory for at most some signatures; the oldest is forgotten first.
    init(capacity: Int) {
        precondition(capacity > 0, "a memory for \(capacity) signatures")
        self.capacity = capacity
    }

    /// Whether exactly this signature has been verified for this statement.
    func contains(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        signatures[Key(signer: signer, statement: statement)] == signature
    }

    /// Remembers a signature that has been verified; an earlier one of the same signer and statement stays.
    mutating func insert(_ signature: Signature, on statement: Digest, by signer: ReplicaID) {
        let key = Key(signer: signer, statement: statement)
        guard signatures[key] == nil else { return }
        if ring.count < capacity {
            ring.append(key)
        } else {
            signatures[ring[oldest]] = nil
            ring[oldest] = key
            oldest = (oldest + 1) % capacity
        }
        signatures[key] = signature
    }
}
