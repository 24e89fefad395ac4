/// What had been executed when a block was proposed: the claim that voters check and a quorum certifies.
public struct ExecutedState: Hashable, Sendable, BorshCodable {
    /// The last executed height.
    public let height: Height
    /// The digest of all execution up to that height.
    public let digest: Digest

    /// Creates the claim that execution up to a height has a digest.
    public init(height: Height, digest: Digest) {
        self.height = height
        self.digest = digest
    }

    /// Nothing but the genesis has been executed.
    public static let genesis = ExecutedState(height: .genesis, digest: .zero)

    /// Forty bytes.
    public static var minimumEncodedSize: Int { 40 }

    /// Appends height and digest.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(height)
        encoder.append(digest)
    }

    /// Reads height and digest.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        height = try decoder.read()
        digest = try decoder.read()
    }
}
