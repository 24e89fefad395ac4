import PostQuantum

/// The sizes and codes of a frame.
///
/// On the wire a frame is four bytes of length, little-endian, and so many bytes of ciphertext and tag; the length is
/// authenticated with them. Sealed inside are one byte of lane, one of flags and a fragment of a message.
enum FrameFormat {
    /// The bytes of the length, in the open.
    static let lengthByteCount = 4
    /// The bytes of lane and flags, sealed.
    static let headerByteCount = 2
    /// The longest fragment: 64 KiB.
    static let maximumFragmentByteCount = 1 << 16
    /// What the length of a frame may be.
    static let validLengths =
        (headerByteCount + FrameCipher.overhead)...(headerByteCount + maximumFragmentByteCount + FrameCipher.overhead)
    /// The bytes that a fragment takes on the wire beside its own.
    static let overhead = lengthByteCount + headerByteCount + FrameCipher.overhead

    /// In the place of a lane: a frame that only shows that its sender lives.
    static let keepalive: UInt8 = 0xFF
    /// The flag of a message's last fragment.
    static let lastFragment: UInt8 = 1
}
