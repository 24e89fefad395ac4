/// A leaf of the tree that is still being filled: up to 1,024 bytes of input (BLAKE3 paper, sections 2.4 and 5.1).
///
/// The last block is never compressed before it is known to be the last, so a full block waits in the buffer.
struct Chunk: Sendable {
    /// The greatest byte length of a chunk.
    static let byteCount = 1024

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
        while bytes.count - offset > Block.byteCount {
            chainingValue.absorb(blockAt: start + offset, counter: index, flags: flags)
            compressedBytes += Block.byteCount
            offset += Block.byteCount
        }
        fillBuffer(UnsafeRawBufferPointer(start: start + offset, count: bytes.count - offset))
    }

    /// The chunk as a node, as if the input ended here.
    var node: Node {
        let block = withUnsafeBytes(of: buffer) {
            Block(padding: UnsafeRawBufferPointer(rebasing: $0[..<bufferedBytes]))
        }
        return Node(chunkEnd: block, blockLength: bufferedBytes, input: chainingValue, index: index, flags: flags)
    }

    /// The flags of the next block.
    private var flags: Flags {
        compressedBytes == 0 ? mode.flags.union(.chunkStart) : mode.flags
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
        let counter = index
        let flags = flags
        withUnsafePointer(to: &buffer) { pointer in
            chainingValue.absorb(blockAt: UnsafeRawPointer(pointer), counter: counter, flags: flags)
        }
        compressedBytes += Block.byteCount
        bufferedBytes = 0
    }
}

extension Node {
    /// A whole chunk that lies in memory, read in place: no buffer, no copy but of a short last block.
    ///
    /// - Parameters:
    ///   - bytes: The chunk's bytes, at most 1,024.
    ///   - index: The chunk's place in the input, counted in chunks.
    ///   - mode: The mode of the hash.
    /// - Returns: The chunk's node, which may be an inner node or the root.
    @inline(__always)
    static func chunk(_ bytes: UnsafeRawBufferPointer, index: UInt64, mode: Mode) -> Node {
        var chainingValue = mode.key
        var flags = mode.flags.union(.chunkStart)
        var rest = bytes
        while rest.count > Block.byteCount, let start = rest.baseAddress {
            chainingValue.absorb(blockAt: start, counter: index, flags: flags)
            flags = mode.flags
            rest = UnsafeRawBufferPointer(start: start + Block.byteCount, count: rest.count - Block.byteCount)
        }
        let block = Block(padding: rest)
        return Node(chunkEnd: block, blockLength: rest.count, input: chainingValue, index: index, flags: flags)
    }
}
