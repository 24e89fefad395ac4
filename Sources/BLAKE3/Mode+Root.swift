extension Mode {
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
