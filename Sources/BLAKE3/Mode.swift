/// What sets one use of BLAKE3 apart from another: the key words and the flags of every compression (paper, section 2.3),
/// and the engine that computes them.
struct Mode: Sendable {
    /// The key: where every chunk and every parent node starts from.
    let key: ChainingValue
    /// The flags that every compression of this mode carries.
    let flags: Flags
    /// What computes the compressions; it changes no result.
    let engine: Engine

    /// Plain hashing.
    @inline(__always)
    static func hash(on engine: Engine) -> Mode {
        Mode(key: .initial, flags: [], engine: engine)
    }

    /// Keyed hashing, or nil unless the key has exactly 32 bytes.
    static func keyedHash(_ key: [UInt8], on engine: Engine) -> Mode? {
        guard key.count == ChainingValue.byteCount else { return nil }
        let block = key.withUnsafeBytes { Block(padding: $0) }
        return Mode(key: block.leftHalf, flags: .keyedHash, engine: engine)
    }
}
