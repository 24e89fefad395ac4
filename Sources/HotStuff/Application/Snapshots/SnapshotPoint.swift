/// What a certified execution digest says of the snapshot at its height.
public struct SnapshotPoint: Hashable, Sendable, BorshCodable {
    /// The height of the snapshot, a multiple of the chain's interval.
    public let height: Height
    /// D', the execution digest there as it would be without a snapshot.
    public let before: Digest
    /// R, the root of the snapshot; zero if the application offers none.
    public let root: Digest

    /// Creates the point of a height, the digest before, and the root.
    public init(height: Height, before: Digest, root: Digest) {
        self.height = height
        self.before = before
        self.root = root
    }

    /// D, the execution digest of the height: the digest of D' and R.
    public var executed: ExecutedState {
        ExecutedState(height: height, digest: ExecutionStep.digest(before, with: root))
    }

    /// 72 bytes.
    public static var minimumEncodedSize: Int { 72 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(height)
        encoder.append(before)
        encoder.append(root)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        height = try decoder.read()
        before = try decoder.read()
        root = try decoder.read()
    }
}
