/// A node of the tree just before its last compression: all of its inputs, its place not yet decided.
///
/// Whether a node is the root is known only when the input ends. So the last compression waits: as an inner node it gives
/// a chaining value, as the root it gives output of any length (BLAKE3 paper, sections 2.4 to 2.6).
struct Node: Sendable {
    private let input: ChainingValue
    private let block: Block
    private let blockLength: UInt32
    private let counter: UInt64
    private let flags: Flags

    /// The last block of a chunk, waiting.
    @inline(__always)
    init(chunkEnd block: Block, blockLength: Int, input: ChainingValue, index: UInt64, flags: Flags) {
        self.input = input
        self.block = block
        self.blockLength = UInt32(truncatingIfNeeded: blockLength)
        self.counter = index
        self.flags = flags.union(.chunkEnd)
    }

    /// The parent of two subtrees: one block that holds their chaining values (section 2.5).
    init(parentOf left: ChainingValue, _ right: ChainingValue, mode: Mode) {
        input = mode.key
        block = Block(left, right)
        blockLength = UInt32(truncatingIfNeeded: Block.byteCount)
        counter = 0
        flags = mode.flags.union(.parent)
    }

    /// What an inner node hands to its parent.
    var chainingValue: ChainingValue {
        compressed(counter: counter, flags: flags).chainingValue
    }

    /// The first 32 bytes of the root's output.
    var rootChainingValue: ChainingValue {
        compressed(counter: 0, flags: flags.union(.root)).chainingValue
    }

    /// The 64 bytes of the root's extended output that start at `64 * index`.
    func rootBlock(_ index: UInt64) -> Block {
        compressed(counter: index, flags: flags.union(.root)).outputBlock(input)
    }

    @inline(__always)
    private func compressed(counter: UInt64, flags: Flags) -> CompressionState {
        CompressionState(input, block, counter: counter, blockLength: blockLength, flags: flags)
    }
}
