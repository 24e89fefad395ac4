/// What the compressions of a chain of blocks carry besides the blocks: the counter and the flags (BLAKE3 paper, section 2.2).
struct Labels: Sendable {
    /// The chunk's index, zero for a parent node; of several chains that of the first.
    let counter: UInt64
    /// How much the counter grows from a chain to the next: one for chunks in a row, zero for all else.
    let counterStep: UInt64
    /// The flags of every block.
    let flags: Flags
    /// The flags that the first block has besides.
    let first: Flags
    /// The flags that the last block has besides.
    let last: Flags

    /// A part of one chunk.
    @inline(__always)
    init(counter: UInt64, flags: Flags, first: Flags = [], last: Flags = []) {
        self.init(counter: counter, counterStep: 0, flags: flags, first: first, last: last)
    }

    @inline(__always)
    private init(counter: UInt64, counterStep: UInt64, flags: Flags, first: Flags, last: Flags) {
        self.counter = counter
        self.counterStep = counterStep
        self.flags = flags
        self.first = first
        self.last = last
    }

    /// Whole chunks in a row, none of which is the root.
    static func chunks(from index: UInt64, flags: Flags) -> Labels {
        Labels(counter: index, counterStep: 1, flags: flags, first: .chunkStart, last: .chunkEnd)
    }

    /// Parents in a row, none of which is the root.
    static func parents(flags: Flags) -> Labels {
        Labels(counter: 0, flags: flags.union(.parent))
    }

    /// Whole chunks each of which is all of an input.
    @inline(__always)
    static func rootChunk(flags: Flags) -> Labels {
        Labels(counter: 0, flags: flags, first: .chunkStart, last: [.chunkEnd, .root])
    }

    /// What the chain at a place of several carries, and those behind it.
    func ofChain(_ place: Int) -> Labels {
        Labels(
            counter: counter &+ counterStep &* UInt64(place),
            counterStep: counterStep,
            flags: flags,
            first: first,
            last: last
        )
    }
}
