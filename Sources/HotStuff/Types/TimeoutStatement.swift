/// What a timeout says: this view has failed for me, and this is the view of my highest quorum certificate.
public struct TimeoutStatement: Hashable, Sendable, BorshCodable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch whose validators speak.
    public let epoch: Epoch
    /// The view that is given up.
    public let view: View
    /// The view of the highest quorum certificate that the sender holds.
    public let highestCertifiedView: View

    /// Creates a statement of its fields.
    public init(chain: Digest, epoch: Epoch, view: View, highestCertifiedView: View) {
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.highestCertifiedView = highestCertifiedView
    }

    /// The digest that is signed.
    public var digest: Digest { Domain.timeout.digest(of: self) }

    /// 56 bytes, always.
    public static var minimumEncodedSize: Int { 56 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(highestCertifiedView)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        view = try decoder.read()
        highestCertifiedView = try decoder.read()
    }
}
