extension BLAKE3 {
    /// The hash of bytes that are all at hand; O(`bytes.count`), allocates nothing.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> BLAKE3Output {
        output(bytes, mode: .hash)
    }

    /// The hash of bytes that are all at hand; O(`bytes.count`), allocates nothing.
    public static func hash(_ bytes: [UInt8]) -> BLAKE3Output {
        bytes.withUnsafeBytes { output($0, mode: .hash) }
    }

    /// The keyed hash of bytes that are all at hand; nil unless the key has exactly 32 bytes.
    public static func keyedHash(_ bytes: [UInt8], key: [UInt8]) -> BLAKE3Output? {
        guard let mode = Mode.keyedHash(key) else { return nil }
        return bytes.withUnsafeBytes { output($0, mode: mode) }
    }

    /// The 32-byte key derived from key material for a context.
    ///
    /// - Parameters:
    ///   - context: A constant, globally unique name of the key's one purpose.
    ///   - material: The key material, of any length; not a password.
    /// - Returns: The derived key.
    public static func deriveKey(context: String, material: [UInt8]) -> BLAKE3Output {
        let mode = Mode.deriveKey(context: context)
        return material.withUnsafeBytes { output($0, mode: mode) }
    }

    /// A leaf alone is by far the most frequent input, so it is tried first and inlined.
    @inline(__always)
    private static func output(_ bytes: UnsafeRawBufferPointer, mode: Mode) -> BLAKE3Output {
        guard bytes.count > Chunk.byteCount else { return Node.chunk(bytes, index: 0, mode: mode).rootOutput }
        return Node.subtree(bytes, firstChunk: 0, mode: mode).rootOutput
    }
}
