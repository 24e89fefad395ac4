internal import BLAKE3

/// What a digest is a digest of, so that no signature or name of one kind passes for another.
///
/// Every statement that is signed and everything that is named by a hash is hashed behind the tag of its kind; the tags have
/// one length, so no tag is the beginning of another.
public enum Domain: String, Sendable, CaseIterable {
    /// A block header; its digest is the block's name.
    case blockHeader = "hotstuff/block/1"
    /// A command of a client.
    case command = "hotstuff/comma/1"
    /// The list of commands of a block.
    case payload = "hotstuff/pload/1"
    /// A vote, the statement that a quorum certificate multiplies.
    case vote = "hotstuff/vote_/1"
    /// A timeout, the statement that a timeout certificate multiplies.
    case timeout = "hotstuff/tmout/1"
    /// A proposal.
    case proposal = "hotstuff/propo/1"
    /// A validator set.
    case validatorSet = "hotstuff/valid/1"
    /// The genesis document of a chain.
    case genesis = "hotstuff/genes/1"
    /// The running hash over all that was executed.
    case execution = "hotstuff/execu/1"
    /// The results of one block.
    case results = "hotstuff/resul/1"
    /// The state of an application.
    case applicationState = "hotstuff/state/1"
    /// The list of chunks of a snapshot; its digest is the snapshot's root.
    case snapshot = "hotstuff/snaps/1"
    /// One chunk of a snapshot.
    case snapshotChunk = "hotstuff/chunk/1"
    /// The end of a file that holds a snapshot.
    case snapshotFile = "hotstuff/sfile/1"
    /// What a replica has to solve a puzzle over to lead a view.
    case puzzle = "hotstuff/puzzl/1"
    /// A try at the solution of a puzzle.
    case nonce = "hotstuff/nonce/1"

    /// The digest of a value of this kind: BLAKE3 over the 16 bytes of the tag and the value's encoding.
    public func digest(of value: some BorshEncodable) -> Digest {
        var encoder = BorshEncoder(capacity: 256)
        encoder.appendRaw(rawValue)
        encoder.append(value)
        return Digest.hash(of: encoder.finish())
    }

    /// The digests of many values of this kind, each equal to `digest(of:)` of its value, in their order.
    ///
    /// Short encodings are hashed side by side, several times as fast as one by one. O(total size of the encodings), of which
    /// no more than `portionByteCount` bytes and one value are held at a time.
    public func digests(of values: [some BorshEncodable]) -> [Digest] {
        guard values.count > Domain.fewValues else { return values.map { digest(of: $0) } }
        var digests: [Digest] = []
        digests.reserveCapacity(values.count)
        var encoder = BorshEncoder(capacity: min(values.count * 256, Domain.portionByteCount))
        var ends: [Int] = []
        ends.reserveCapacity(values.count)
        let tag = Array(rawValue.utf8)
        for value in values {
            encoder.appendRaw(tag)
            encoder.append(value)
            ends.append(encoder.byteCount)
            guard encoder.byteCount >= Domain.portionByteCount else { continue }
            digests += Digest.hashes(of: encoder.bytes, cutAt: ends)
            encoder.reset()
            ends.removeAll(keepingCapacity: true)
        }
        return digests + Digest.hashes(of: encoder.finish(), cutAt: ends)
    }

    /// The number of values up to which gathering their encodings costs more than the lanes save.
    private static let fewValues = 4

    /// The bytes of encodings that are gathered before they are hashed: enough to fill all lanes, and they stay in the cache.
    private static let portionByteCount = 64 << 10
}
