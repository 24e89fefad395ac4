/// The domain flags of a compression: what part of the tree the block is, and in which mode (BLAKE3 paper, table 3).
struct Flags: OptionSet, Sendable {
    let rawValue: UInt32

    /// The first block of a chunk.
    static let chunkStart = Flags(rawValue: 1 << 0)
    /// The last block of a chunk.
    static let chunkEnd = Flags(rawValue: 1 << 1)
    /// A parent node: the block is two chaining values.
    static let parent = Flags(rawValue: 1 << 2)
    /// The last compression of the root node, the one whose words are output.
    static let root = Flags(rawValue: 1 << 3)
    /// Every compression of a keyed hash.
    static let keyedHash = Flags(rawValue: 1 << 4)
    /// Every compression of the context string of a key derivation.
    static let deriveKeyContext = Flags(rawValue: 1 << 5)
    /// Every compression of the key material of a key derivation.
    static let deriveKeyMaterial = Flags(rawValue: 1 << 6)
}
