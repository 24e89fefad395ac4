/// The bytes of a signature, of which this module knows nothing but that a `SignatureVerifier` can judge them.
public struct Signature: Hashable, Sendable {
    /// The signature as its scheme encodes it.
    public let bytes: [UInt8]

    /// The longest signature that is read from the wire; ML-DSA-87 has 4,627 bytes.
    public static let maximumByteCount = 4_627

    /// Creates a signature of its bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether both have the same bytes.
    ///
    /// Signatures that are shown again are recognised by this alone; words make it eight times as fast as the comparison of
    /// arrays, which goes byte by byte.
    public static func == (left: Signature, right: Signature) -> Bool {
        let count = left.bytes.count
        guard right.bytes.count == count else { return false }
        // Both buffers have `count` bytes, and a word is loaded only where eight of them are left.
        return left.bytes.withUnsafeBytes { left in
            right.bytes.withUnsafeBytes { right in
                var offset = 0
                while count - offset >= 8 {
                    guard
                        left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                            == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    else { return false }
                    offset += 8
                }
                while offset < count {
                    guard left[offset] == right[offset] else { return false }
                    offset += 1
                }
                return true
            }
        }
    }
}

extension Signature: BorshCodable {
    /// Four bytes of length.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the bytes with their length.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendBytes(bytes) }

    /// Reads bytes with their length.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(try decoder.readBytes(maximum: Signature.maximumByteCount))
    }
}
