/// What sets one use of BLAKE3 apart from another: the key words and the flags of every compression (paper, section 2.3).
struct Mode: Sendable {
    /// The key: where every chunk and every parent node starts from.
    let key: ChainingValue
    /// The flags that every compression of this mode carries.
    let flags: Flags

    /// Plain hashing.
    static let hash = Mode(key: .initial, flags: [])

    /// Keyed hashing, or nil unless the key has exactly 32 bytes.
    static func keyedHash(_ key: [UInt8]) -> Mode? {
        guard key.count == ChainingValue.byteCount else { return nil }
        let block = key.withUnsafeBytes { Block(padding: $0) }
        return Mode(key: block.leftHalf, flags: .keyedHash)
    }

    /// Key derivation for a context: the hash of the context string, in a mode of its own, is the key for the material.
    static func deriveKey(context: String) -> Mode {
        var context = context
        let contextMode = Mode(key: .initial, flags: .deriveKeyContext)
        let contextKey = context.withUTF8 { utf8 in
            Node.subtree(UnsafeRawBufferPointer(utf8), firstChunk: 0, mode: contextMode).rootChainingValue
        }
        return Mode(key: contextKey, flags: .deriveKeyMaterial)
    }
}
