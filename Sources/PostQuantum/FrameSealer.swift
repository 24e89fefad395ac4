internal import Crypto

/// The sending half of a connection's cipher.
public struct FrameSealer: Sendable {
    private let key: SymmetricKey
    private var counter: UInt64

    /// Creates the half that seals with a key of 32 bytes, from frame 0 on.
    public init(key: SecretBytes) throws(KeyError) {
        try self.init(key: key, counter: 0)
    }

    init(key: SecretBytes, counter: UInt64) throws(KeyError) {
        self.key = try FrameCipher.symmetricKey(of: key)
        self.counter = counter
    }

    /// Seals the next frame and appends it: as many bytes as the plaintext has, and 16 of tag.
    ///
    /// The header is what everybody may read and nobody may change; the output has room for the frame.
    public mutating func seal(
        _ plaintext: RawSpan,
        authenticating header: RawSpan,
        into output: inout OutputRawSpan
    ) throws(FrameCipherError) {
        guard counter < FrameCipher.maximumFrameCount else { throw .exhausted }
        let nonce = try FrameCipher.nonce(of: counter)
        let box = plaintext.withUnsafeBytes { plaintext in
            header.withUnsafeBytes { header in
                try? AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: header)
            }
        }
        // The nonce, which both sides count, and what goes out.
        guard let sealed = box?.combined?.dropFirst(FrameCipher.nonceByteCount) else { throw .failed }
        counter += 1
        FrameCipher.append(sealed, to: &output)
    }
}
