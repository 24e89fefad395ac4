internal import Kernels

#if arch(x86_64)
internal import CKernels
#endif

/// Chains of equally many blocks, anywhere in memory, that are compressed side by side.
///
/// They are chunks in a row, parent nodes, or whole inputs of at most a chunk. The bytes belong to the caller, who keeps them
/// where they are until the chains are compressed.
struct Chains {
    /// The most chains that are taken at a time.
    static let capacity = 16

    /// The number of blocks in each chain.
    private let blockCount: Int
    /// The number of chains.
    private(set) var count = 0

    private var starts = InlineArray<16, UnsafeRawPointer?>(repeating: nil)
    private var lastByteCounts = InlineArray<16, UInt32>(repeating: 0)

    /// No chains yet, of at least one block each.
    init(blockCount: Int) {
        precondition(blockCount > 0, "chains of \(blockCount) blocks")
        self.blockCount = blockCount
    }

    /// Whether no other chain can be added.
    var isFull: Bool { count == Self.capacity }

    /// Adds a chain whose last block may be short.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let lastByteCount = bytes.count - (blockCount - 1) * Block.byteCount
        precondition(!isFull && 0...Block.byteCount ~= lastByteCount, "\(bytes.count) bytes beside \(count) chains")
        starts[count] = bytes.baseAddress
        lastByteCounts[count] = UInt32(truncatingIfNeeded: lastByteCount)
        count += 1
    }

    /// Takes all chains away.
    mutating func removeAll() {
        count = 0
    }

    /// Compresses any number of chains of full blocks that lie one after another, and writes their values in the same way.
    ///
    /// The values may be written over the chains.
    static func compress(
        _ count: Int,
        from start: UnsafeRawPointer,
        blockCount: Int,
        _ labels: Labels,
        mode: Mode,
        into values: UnsafeMutablePointer<ChainingValue>
    ) {
        let byteCount = blockCount * Block.byteCount
        var place = 0
        while place < count {
            var chains = Chains(blockCount: blockCount)
            let firstOfRun = place
            while place < count, !chains.isFull {
                chains.append(UnsafeRawBufferPointer(start: start + place * byteCount, count: byteCount))
                place += 1
            }
            chains.compress(labels.ofChain(firstOfRun), mode: mode, into: values + firstOfRun)
        }
    }

    /// Compresses all chains and writes their values, in their order.
    ///
    /// The values may be written over the chains, if these lie in order and one after another.
    func compress(_ labels: Labels, mode: Mode, into values: UnsafeMutablePointer<ChainingValue>) {
        var done = 0
        #if arch(x86_64)
        switch mode.engine.together {
        case .swift: break
        case .avx2: done = compress(by: hotstuff_blake3_avx2_absorb_many, lanes: 8, labels, mode: mode, into: values)
        case .avx512:
            done = compress(by: hotstuff_blake3_avx512_absorb_many, lanes: 16, labels, mode: mode, into: values)
        }
        #endif
        for place in done..<count {
            values[place] = value(of: place, labels, mode: mode)
        }
    }

    private func value(of place: Int, _ labels: Labels, mode: Mode) -> ChainingValue {
        let byteCount = (blockCount - 1) * Block.byteCount + Int(lastByteCounts[place])
        let bytes = UnsafeRawBufferPointer(start: starts[place], count: byteCount)
        var value = mode.key
        value.absorb(bytes, labels: labels.ofChain(place), kernel: mode.engine.alone)
        return value
    }

    #if arch(x86_64)
    private typealias Compression =
        @convention(c) (
            UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt32>?, UnsafePointer<UnsafeRawPointer?>?,
            UnsafePointer<UInt32>?, Int, Int, hotstuff_blake3_labels
        ) -> Void

    /// Has C compress all chains but one that would have the lanes to itself, and returns how many these are.
    ///
    /// A chaining value is eight words in their order and without gaps, in Swift as in C.
    @inline(__always)
    private func compress(
        by compression: Compression,
        lanes: Int,
        _ labels: Labels,
        mode: Mode,
        into values: UnsafeMutablePointer<ChainingValue>
    ) -> Int {
        let taken = count % lanes == 1 ? count - 1 : count
        let words = UnsafeMutableRawPointer(values).assumingMemoryBound(to: UInt32.self)
        withUnsafeBytes(of: mode.key) { key in
            withUnsafeBytes(of: starts) { starts in
                withUnsafeBytes(of: lastByteCounts) { lastByteCounts in
                    compression(
                        words,
                        key.baseAddress?.assumingMemoryBound(to: UInt32.self),
                        starts.baseAddress?.assumingMemoryBound(to: UnsafeRawPointer?.self),
                        lastByteCounts.baseAddress?.assumingMemoryBound(to: UInt32.self),
                        taken,
                        blockCount,
                        labels.forKernels
                    )
                }
            }
        }
        return taken
    }
    #endif
}

extension InlineArray where Element == ChainingValue {
    /// Lends the values by the address of the first.
    @inline(__always)
    mutating func withFirst(_ body: (UnsafeMutablePointer<ChainingValue>) -> Void) {
        withUnsafeMutableBytes(of: &self) { bytes in
            if let start = bytes.baseAddress { body(start.assumingMemoryBound(to: ChainingValue.self)) }
        }
    }
}
