/// What one block adds to the execution digest.
///
/// D'(h) is the digest of D(h-1), the height, the block's time and the digest of its results. D(h) is D'(h), and where a snapshot
/// is due the digest of D'(h) and R(h). The two kinds of input have different lengths, so that none passes for the other.
public struct ExecutionStep: Hashable, Sendable, BorshCodable {
    /// The block's time.
    public let time: Timestamp
    /// The digest of all results of the block, in order.
    public let results: Digest
    /// R, the root of the snapshot at this height, if one is due there.
    public let root: Digest?

    /// Creates a step.
    public init(time: Timestamp, results: Digest, root: Digest?) {
        self.time = time
        self.results = results
        self.root = root
    }

    /// Whether a snapshot is due at a height: at each multiple of the interval, not at the genesis.
    public static func isSnapshotDue(at height: Height, interval: UInt64) -> Bool {
        height != .genesis && height.rawValue.isMultiple(of: interval)
    }

    /// D', the digest behind the block without a snapshot.
    public func before(_ height: Height, after digest: Digest) -> Digest {
        Domain.execution.digest(of: Link(digest: digest, height: height, time: time, results: results))
    }

    /// D, the digest behind the block.
    public func digest(at height: Height, after digest: Digest) -> Digest {
        let before = before(height, after: digest)
        return root.map { Self.digest(before, with: $0) } ?? before
    }

    /// The digest of D' and R.
    static func digest(_ before: Digest, with root: Digest) -> Digest {
        Domain.execution.digest(of: Pair(before: before, root: root))
    }

    /// 41 bytes, or 73 with a root.
    public static var minimumEncodedSize: Int { 41 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(time)
        encoder.append(results)
        encoder.appendOptional(root)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        time = try decoder.read()
        results = try decoder.read()
        root = try decoder.readOptional()
    }

    private struct Link: BorshEncodable {
        let digest: Digest
        let height: Height
        let time: Timestamp
        let results: Digest

        func encode(into encoder: inout BorshEncoder) {
            encoder.append(digest)
            encoder.append(height)
            encoder.append(time)
            encoder.append(results)
        }
    }

    private struct Pair: BorshEncodable {
        let before: Digest
        let root: Digest

        func encode(into encoder: inout BorshEncoder) {
            encoder.append(before)
            encoder.append(root)
        }
    }
}
