/// A leaf of the tree that is still being filled: up to 1,024 bytes of input (BLAKE3 paper, sections 2.4 and 5.1).
///
/// The last block is never compressed before it is known to be the last, so a full block waits in the buffer.
struct Chunk: Sendable {
    /// The greatest byte length of a chunk.
    static let byteCount = 1024
    /// The number of blocks in a full chunk.
    static let blockCount = byteCount / Block.byteCount

    /// The chunk's place in the input, counted in chunks.
    let index: UInt64

    private let mode: Mode
    private var chainingValue: ChainingValue
    private var compressedBytes = 0
    private var buffer = InlineArray<64, UInt8>(repeating: 0)
    private var bufferedBytes = 0

    /// An empty chunk.
    init(index: UInt64, mode: Mode) {
        self.index = index
        self.mode = mode
        chainingValue = mode.key
    }

    /// The number of bytes received so far, at most 1,024.
    var count: Int { compressedBytes + bufferedBytes }

    /// Takes in bytes, no more than the chunk still has room for; O(`bytes.count`).
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Self.byteCount - count, "a chunk of \(count) bytes has no room for \(bytes.count)")
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        var offset = 0
        if bufferedBytes > 0 {
            offset = min(Block.byteCount - bufferedBytes, bytes.count)
            fillBuffer(UnsafeRawBufferPointer(start: start, count: offset))
            guard offset < bytes.count else { return }
            compressBuffer()
        }
        // All blocks before the one that may be the last.
        let fullBytes = (bytes.count - offset - 1) / Block.byteCount * Block.byteCount
        if fullBytes > 0 {
            compress(UnsafeRawBufferPointer(start: start + offset, count: fullBytes))
            offset += fullBytes
        }
        fillBuffer(UnsafeRawBufferPointer(start: start + offset, count: bytes.count - offset))
    }

    /// The chunk as a node, as if the input ended here.
    var node: Node {
        let block = withUnsafeBytes(of: buffer) {
            Block(padding: UnsafeRawBufferPointer(rebasing: $0[..<bufferedBytes]))
        }
        return Node(chunkEnd: block, blockLength: bufferedBytes, input: chainingValue, labels: labels, mode: mode)
    }

    /// What the next blocks carry.
    private var labels: Labels {
        Labels(counter: index, flags: mode.flags, first: compressedBytes == 0 ? .chunkStart : [])
    }

    private mutating func fillBuffer(_ bytes: UnsafeRawBufferPointer) {
        let filled = bufferedBytes
        withUnsafeMutableBytes(of: &buffer) { buffer in
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
        }
        bufferedBytes += bytes.count
    }

    /// Absorbs the full buffer, once it is known not to be the chunk's last block.
    private mutating func compressBuffer() {
        let block = buffer
        withUnsafeBytes(of: block) { compress($0) }
        bufferedBytes = 0
    }

    /// Absorbs full blocks that are known not to be the chunk's last.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        chainingValue.absorb(blocks, labels: labels, kernel: mode.engine.alone)
        compressedBytes += blocks.count
    }
}
