extension Node {
    /// The subtree over input that lies in memory (BLAKE3 paper, section 2.1).
    ///
    /// The left child is the greatest full binary tree that leaves at least one byte for the right one. The recursion is
    /// at most 48 deep, takes O(`bytes.count`) time and allocates nothing.
    ///
    /// - Parameters:
    ///   - bytes: The subtree's bytes, more than one chunk.
    ///   - firstChunk: The place of the first chunk in the whole input.
    ///   - mode: The mode of the hash.
    /// - Returns: The subtree's top node, which may be an inner node or the root.
    static func subtree(_ bytes: UnsafeRawBufferPointer, firstChunk: UInt64, mode: Mode) -> Node {
        precondition(bytes.count > Chunk.byteCount, "a tree over \(bytes.count) bytes")
        guard bytes.count > Tile.chunkCount * Chunk.byteCount else {
            var tile = Tile(bytes, firstChunk: firstChunk, mode: mode)
            tile.merge(to: 2, mode: mode)
            return Node(parentOf: tile[0], tile[1], mode: mode)
        }
        let leftChunks = fullChunksBeforeLast(of: bytes).greatestPowerOfTwo
        let (left, right) = split(bytes, afterChunks: leftChunks)
        let middle = firstChunk &+ UInt64(leftChunks)
        return Node(
            parentOf: subtree(left, firstChunk: firstChunk, mode: mode).chainingValue,
            inner(right, firstChunk: middle, mode: mode),
            mode: mode
        )
    }

    /// The chaining value of a part of the tree that is not the root, be it a leaf or not.
    private static func inner(_ bytes: UnsafeRawBufferPointer, firstChunk: UInt64, mode: Mode) -> ChainingValue {
        guard bytes.count <= Chunk.byteCount else {
            return subtree(bytes, firstChunk: firstChunk, mode: mode).chainingValue
        }
        var value = mode.key
        value.absorb(bytes, labels: .chunks(from: firstChunk, flags: mode.flags), kernel: mode.engine.alone)
        return value
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

    /// Takes all chunks from the input but the last, and returns the rest.
    ///
    /// The rest is empty only if the input is, and never more than a chunk: the leaf that may turn out to be the last.
    mutating func consume(_ bytes: UnsafeRawBufferPointer, mode: Mode) -> UnsafeRawBufferPointer {
        var rest = bytes
        while rest.count > Chunk.byteCount {
            let (run, remaining) = split(rest, afterChunks: min(fullChunksBeforeLast(of: rest), Tile.chunkCount))
            push(Tile(run, firstChunk: chunkCount, mode: mode), mode: mode)
            rest = remaining
        }
        return rest
    }

    /// Adds chunks in a row, by the greatest full subtrees that begin at each place.
    private mutating func push(_ tile: Tile, mode: Mode) {
        var tile = tile
        var place = 0
        while place < tile.count {
            var size = (tile.count - place).greatestPowerOfTwo
            if chunkCount > 0 { size = min(size, 1 << min(chunkCount.trailingZeroBitCount, 62)) }
            push(tile.subtree(over: place..<place + size, mode: mode), chunks: size, mode: mode)
            place += size
        }
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
