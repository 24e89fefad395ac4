/// A run of at most 64 neighbours on one level of the tree, computed side by side and merged level by level.
struct Tile {
    /// The most chunks.
    static let chunkCount = 64

    /// The number of nodes.
    private(set) var count = 0

    private var values = InlineArray<64, ChainingValue>(repeating: .initial)

    /// The chunks of some bytes, of which there are one to 64; the last may be short.
    ///
    /// None of them is the root: there are several, or others beside them.
    init(_ bytes: UnsafeRawBufferPointer, firstChunk: UInt64, mode: Mode) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { preconditionFailure("a tile of no bytes") }
        let full = bytes.count / Chunk.byteCount
        let rest = UnsafeRawBufferPointer(rebasing: bytes[(full * Chunk.byteCount)...])
        let labels = Labels.chunks(from: firstChunk, flags: mode.flags)
        values.withFirst { values in
            Chains.compress(full, from: start, blockCount: Chunk.blockCount, labels, mode: mode, into: values)
        }
        count = full
        if !rest.isEmpty {
            var value = mode.key
            value.absorb(rest, labels: labels.ofChain(full), kernel: mode.engine.alone)
            values[full] = value
            count += 1
        }
    }

    /// The value at a place.
    subscript(place: Int) -> ChainingValue { values[place] }

    /// Merges neighbours, two and two, until no more than `limit` are left; one without a neighbour goes up as it is.
    ///
    /// So the left part of every node is the greatest full tree that leaves something for the right one, as the tree of the paper
    /// has it (section 2.1): pairs are counted from the left.
    mutating func merge(to limit: Int, mode: Mode) {
        while count > limit { count = mergeOnce(from: 0, count: count, mode: mode) }
    }

    /// The value of the full subtree over the chunks at some places, a power of two of them; these places are used up.
    mutating func subtree(over places: Range<Int>, mode: Mode) -> ChainingValue {
        var rest = places.count
        while rest > 1 { rest = mergeOnce(from: places.lowerBound, count: rest, mode: mode) }
        return values[places.lowerBound]
    }

    /// Merges neighbours from a place on, and returns how many there are then.
    private mutating func mergeOnce(from place: Int, count: Int, mode: Mode) -> Int {
        let pairs = count / 2
        values.withFirst { values in
            let first = values + place
            Chains.compress(pairs, from: first, blockCount: 1, .parents(flags: mode.flags), mode: mode, into: first)
            if count % 2 == 1 { first[pairs] = first[count - 1] }
        }
        return pairs + count % 2
    }
}
