internal import BLAKE3
internal import HotStuff

/// A digest of everything that happens in a run, in its order: equal runs have equal digests.
struct TraceHash {
    private var hash = BLAKE3()
    private var waiting: [UInt8] = []

    init() { waiting.reserveCapacity(1 << 14) }

    /// Adds that something happened.
    mutating func add(_ kind: UInt8, at time: UInt64, who: Int, what: UInt64) {
        waiting.append(kind)
        append(time)
        append(UInt64(truncatingIfNeeded: who))
        append(what)
        if waiting.count > (1 << 14) - 32 {
            hash.update(waiting)
            waiting.removeAll(keepingCapacity: true)
        }
    }

    /// The digest so far.
    var digest: Digest {
        var all = hash
        all.update(waiting)
        return Digest(bytes: all.finalize().bytes) ?? .zero
    }

    private mutating func append(_ word: UInt64) {
        withUnsafeBytes(of: word.littleEndian) { waiting.append(contentsOf: $0) }
    }
}
