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

    /// Key derivation for a context: the hash of the context string, in a mode of its own, is the key for the material.
    static func deriveKey(context: String, on engine: Engine) -> Mode {
        var context = context
        let contextMode = Mode(key: .initial, flags: .deriveKeyContext, engine: engine)
        let contextKey = context.withUTF8 { contextMode.root(of: UnsafeRawBufferPointer($0)) }
        return Mode(key: contextKey, flags: .deriveKeyMaterial, engine: engine)
    }

    /// The first 32 bytes of the output over bytes that are all at hand; O(`bytes.count`), allocates nothing.
    ///
    /// A leaf alone is by far the most frequent input, so it is tried first and inlined.
    @inline(__always)
    func root(of bytes: UnsafeRawBufferPointer) -> ChainingValue {
        guard bytes.count <= Chunk.byteCount else {
            return Node.subtree(bytes, firstChunk: 0, mode: self).rootChainingValue
        }
        var value = key
        value.absorb(bytes, labels: .rootChunk(flags: flags), kernel: engine.alone)
        return value
    }
}
