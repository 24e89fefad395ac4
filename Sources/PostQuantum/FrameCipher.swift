internal import Crypto

/// What the two halves of a connection's cipher have in common: AES-256-GCM with a counter for a nonce.
///
/// Each direction has a key of its own and counts its frames from zero, so that no nonce repeats under a key and a frame
/// opens only at its own place in the stream: what is replayed, reordered, dropped or cut fails. Source: NIST SP 800-38D,
/// section 8.2.1.
public enum FrameCipher {
    /// The number of bytes of a key.
    public static let keyByteCount = 32
    /// The number of bytes that sealing adds: the tag.
    public static let overhead = 16
    /// The number of frames that one key may seal; after that the connection is renewed.
    public static let maximumFrameCount: UInt64 = 1 << 32

    /// The number of bytes of a nonce.
    static let nonceByteCount = 12

    static func symmetricKey(of secret: SecretBytes) throws(KeyError) -> SymmetricKey {
        guard secret.count == keyByteCount else { throw .wrongLength(secret.count, expected: keyByteCount) }
        return secret.key
    }

    /// The nonce of a frame: four zero bytes and the counter, big-endian.
    static func nonce(of counter: UInt64) throws(FrameCipherError) -> AES.GCM.Nonce {
        var bytes: [UInt8] = [0, 0, 0, 0]
        withUnsafeBytes(of: counter.bigEndian) { bytes.append(contentsOf: $0) }
        guard let nonce = try? AES.GCM.Nonce(data: bytes) else { throw .failed }
        return nonce
    }

    /// Writes the nonce of a frame over the first bytes of an array.
    static func setNonce(of counter: UInt64, in bytes: inout [UInt8]) {
        for (place, shift) in zip(nonceByteCount - 8..<nonceByteCount, stride(from: UInt64(56), through: 0, by: -8)) {
            bytes[place] = UInt8(truncatingIfNeeded: counter >> shift)
        }
    }

    /// Copies bytes behind what the output already holds; the caller has made room.
    static func append(_ bytes: some Collection<UInt8>, to output: inout OutputRawSpan) {
        precondition(output.freeCapacity >= bytes.count, "room for \(output.freeCapacity) of \(bytes.count) bytes")
        output.withUnsafeMutableBytes { buffer, initializedCount in
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[initializedCount...])
            target.copyBytes(from: bytes)
            initializedCount += bytes.count
        }
    }
}

/// Why a frame was not sealed or opened.
public enum FrameCipherError: Error, Equatable, Sendable {
    /// The key has sealed as many frames as it may.
    case exhausted
    /// The frame is shorter than a tag.
    case truncated
    /// The frame is not what the other side sealed at this place.
    case notAuthentic
    /// The implementation refused.
    case failed
}

extension FrameCipherError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .exhausted: "the key has sealed as many frames as it may"
        case .truncated: "the frame is shorter than its tag"
        case .notAuthentic: "the frame is not authentic at this place"
        case .failed: "the cipher failed"
        }
    }
}
