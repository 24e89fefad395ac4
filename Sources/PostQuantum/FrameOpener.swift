internal import Crypto

/// The receiving half of a connection's cipher.
public struct FrameOpener: Sendable {
    private let key: SymmetricKey
    private var counter: UInt64

    /// Creates the half that opens with a key of 32 bytes, from frame 0 on.
    public init(key: SecretBytes) throws(KeyError) {
        try self.init(key: key, counter: 0)
    }

    init(key: SecretBytes, counter: UInt64) throws(KeyError) {
        self.key = try FrameCipher.symmetricKey(of: key)
        self.counter = counter
    }

    /// Opens the next frame and appends its plaintext, 16 bytes fewer; nothing is appended when it fails.
    ///
    /// The header is what came in the open beside the frame; the output has room for the plaintext.
    public mutating func open(
        _ frame: RawSpan,
        authenticating header: RawSpan,
        into output: inout OutputRawSpan
    ) throws(FrameCipherError) {
        guard counter < FrameCipher.maximumFrameCount else { throw .exhausted }
        guard frame.byteCount >= FrameCipher.overhead else { throw .truncated }
        let nonce = try FrameCipher.nonce(of: counter)
        let boundary = frame.byteCount - FrameCipher.overhead
        let plaintext = frame.withUnsafeBytes { frame in
            header.withUnsafeBytes { header in
                let ciphertext = UnsafeRawBufferPointer(rebasing: frame[..<boundary])
                let tag = UnsafeRawBufferPointer(rebasing: frame[boundary...])
                return try? AES.GCM.open(
                    AES.GCM.SealedBox(nonce: nonce, ciphertext: ciphertext, tag: tag),
                    using: key,
                    authenticating: header
                )
            }
        }
        guard let plaintext else { throw .notAuthentic }
        counter += 1
        FrameCipher.append(plaintext, to: &output)
    }
}
