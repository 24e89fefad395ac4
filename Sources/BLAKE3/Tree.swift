extension Node {
    /// The subtree over input that lies in memory (BLAKE3 paper, section 2.1).
    ///
    /// The left child is the greatest full binary tree that leaves at least one byte for the right one. The recursion is
    /// at most 54 deep, takes O(`bytes.count`) time and allocates nothing.
    ///
    /// - Parameters:
    ///   - bytes: The subtree's bytes; no more than one chunk makes a leaf, none at all the leaf of the empty input.
    ///   - firstChunk: The place of the first chunk in the whole input.
    ///   - mode: The mode of the hash.
    /// - Returns: The subtree's top node, which may be an inner node or the root.
    static func subtree(_ bytes: UnsafeRawBufferPointer, firstChunk: UInt64, mode: Mode) -> Node {
        guard bytes.count > Chunk.byteCount else { return chunk(bytes, index: firstChunk, mode: mode) }
        let leftChunks = fullChunksBeforeLast(of: bytes).greatestPowerOfTwo
        let (left, right) = split(bytes, afterChunks: leftChunks)
        let middle = firstChunk &+ UInt64(leftChunks)
        return Node(
            parentOf: subtree(left, firstChunk: firstChunk, mode: mode).chainingValue,
            subtree(right, firstChunk: middle, mode: mode).chainingValue,
            mode: mode
        )
    }
}

/// The finished part of a tree whose input is still arriving: the roots of its full subtrees, greatest first.
///
/// There is one for each bit that is set in the number of chunks, at most 54 (section 5.1.2). Only subtrees that more
/// input is known to follow may be pushed: then none of them can be the root, and merging at once is right.
struct ChainingValueStack: Sendable {
    /// The number of chunks in all subtrees together.
    private(set) var chunkCount: UInt64 = 0

    private var values: [ChainingValue] = []

    /// Adds a full subtree of `chunks` chunks, a power of two that divides `chunkCount`; amortised O(1).
    mutating func push(_ chainingValue: ChainingValue, chunks: Int, mode: Mode) {
        let size = UInt64(chunks)
        precondition(size.nonzeroBitCount == 1 && chunkCount & (size - 1) == 0, "\(chunks) chunks at \(chunkCount)")
        chunkCount &+= size
        var merged = chainingValue
        var remainingMerges = chunkCount.trailingZeroBitCount - size.trailingZeroBitCount
        while remainingMerges > 0, let left = values.popLast() {
            merged = Node(parentOf: left, merged, mode: mode).chainingValue
            remainingMerges -= 1
        }
        values.append(merged)
    }

    /// The root of the whole tree if `last` is its last leaf; O(log `chunkCount`).
    func root(last: Node, mode: Mode) -> Node {
        values.reversed().reduce(last) { right, left in Node(parentOf: left, right.chainingValue, mode: mode) }
    }

    /// Takes from the input the greatest full subtrees that fit at this place, and returns the rest.
    ///
    /// The rest is empty only if the input is, and never more than a chunk: the leaf that may turn out to be the last.
    mutating func consume(_ bytes: UnsafeRawBufferPointer, mode: Mode) -> UnsafeRawBufferPointer {
        var rest = bytes
        while rest.count > Chunk.byteCount {
            var chunks = fullChunksBeforeLast(of: rest).greatestPowerOfTwo
            if chunkCount > 0 {
                chunks = min(chunks, Int(clamping: UInt64(1) << chunkCount.trailingZeroBitCount))
            }
            let (subtree, remaining) = split(rest, afterChunks: chunks)
            let node = Node.subtree(subtree, firstChunk: chunkCount, mode: mode)
            push(node.chainingValue, chunks: chunks, mode: mode)
            rest = remaining
        }
        return rest
    }
}

/// The number of full chunks that leave at least one byte of the input behind.
private func fullChunksBeforeLast(of bytes: UnsafeRawBufferPointer) -> Int {
    (bytes.count - 1) / Chunk.byteCount
}

/// The two parts of a buffer before and after a number of full chunks.
private func split(
    _ bytes: UnsafeRawBufferPointer,
    afterChunks chunks: Int
) -> (UnsafeRawBufferPointer, UnsafeRawBufferPointer) {
    let offset = chunks * Chunk.byteCount
    return (UnsafeRawBufferPointer(rebasing: bytes[..<offset]), UnsafeRawBufferPointer(rebasing: bytes[offset...]))
}

extension Int {
    /// The greatest power of two that is no greater than this positive number.
    fileprivate var greatestPowerOfTwo: Int { 1 << (Int.bitWidth - 1 - leadingZeroBitCount) }
}
