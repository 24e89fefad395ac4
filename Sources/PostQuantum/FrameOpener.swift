internal import Crypto

/// The receiving half of a connection's cipher.
public struct FrameOpener: Sendable {
    private let key: SymmetricKey
    private var counter: UInt64
    /// The nonce, and while one is opened the frame behind it, as the library wants them.
    private var box: [UInt8]

    /// Creates the half that opens with a key of 32 bytes, from frame 0 on.
    public init(key: SecretBytes) throws(KeyError) {
        try self.init(key: key, counter: 0)
    }

    init(key: SecretBytes, counter: UInt64) throws(KeyError) {
        self.key = try FrameCipher.symmetricKey(of: key)
        self.counter = counter
        box = [UInt8](repeating: 0, count: FrameCipher.nonceByteCount)
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
        FrameCipher.setNonce(of: counter, in: &box)
        frame.withUnsafeBytes { box.append(contentsOf: $0) }
        defer { box.removeLast(frame.byteCount) }
        let plaintext = header.withUnsafeBytes { header in
            try? AES.GCM.open(AES.GCM.SealedBox(combined: box), using: key, authenticating: header)
        }
        guard let plaintext else { throw .notAuthentic }
        counter += 1
        FrameCipher.append(plaintext, to: &output)
    }
}
