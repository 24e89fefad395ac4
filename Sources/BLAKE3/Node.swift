internal import Kernels

/// A node of the tree just before its last compression: all of its inputs, its place not yet decided.
///
/// Whether a node is the root is known only when the input ends. So the last compression waits: as an inner node it gives
/// a chaining value, as the root it gives output of any length (BLAKE3 paper, sections 2.4 to 2.6).
struct Node: Sendable {
    private let input: ChainingValue
    private let block: Block
    private let blockLength: Int
    private let counter: UInt64
    private let flags: Flags
    private let kernel: Kernel

    /// The last block of a chunk, waiting.
    init(chunkEnd block: Block, blockLength: Int, input: ChainingValue, labels: Labels, mode: Mode) {
        self.input = input
        self.block = block
        self.blockLength = blockLength
        counter = labels.counter
        flags = labels.flags.union(labels.first).union(.chunkEnd)
        kernel = mode.engine.alone
    }

    /// The parent of two subtrees: one block that holds their chaining values (section 2.5).
    init(parentOf left: ChainingValue, _ right: ChainingValue, mode: Mode) {
        input = mode.key
        block = Block(left, right)
        blockLength = Block.byteCount
        counter = 0
        flags = mode.flags.union(.parent)
        kernel = mode.engine.alone
    }

    /// What an inner node hands to its parent.
    var chainingValue: ChainingValue {
        value(Labels(counter: counter, flags: flags))
    }

    /// The first 32 bytes of the root's output.
    var rootChainingValue: ChainingValue {
        value(Labels(counter: 0, flags: flags.union(.root)))
    }

    /// The 64 bytes of the root's extended output that start at `64 * index`.
    func rootBlock(_ index: UInt64) -> Block {
        compressed(index, flags.union(.root)).outputBlock(input)
    }

    private func value(_ labels: Labels) -> ChainingValue {
        if case .swift = kernel {
            return compressed(labels.counter, labels.flags).chainingValue
        }
        var value = input
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            if let start = bytes.baseAddress { block.store(to: start) }
        }
        withUnsafeBytes(of: bytes) {
            value.absorb(UnsafeRawBufferPointer(rebasing: $0[..<blockLength]), labels: labels, kernel: kernel)
        }
        return value
    }

    @inline(__always)
    private func compressed(_ counter: UInt64, _ flags: Flags) -> CompressionState {
        let blockLength = UInt32(truncatingIfNeeded: blockLength)
        return CompressionState(input, block, counter: counter, blockLength: blockLength, flags: flags)
    }
}
