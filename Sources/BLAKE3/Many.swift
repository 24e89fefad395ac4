public import Kernels

extension BLAKE3 {
    /// The hashes of many inputs, in their order, those of at most 1,024 bytes side by side.
    ///
    /// Inputs of equally many 64-byte blocks are compressed together, eight or sixteen at a time where the processor does so.
    /// They may be slices of one buffer. O(total length); allocates nothing but the result.
    public static func hashes(of inputs: [UnsafeRawBufferPointer]) -> [BLAKE3Output] {
        hashes(of: inputs, mode: .hash(on: .preferred))
    }

    /// The hashes of many inputs by a certain kernel, for tests and measurements.
    ///
    /// - Parameters:
    ///   - inputs: The inputs.
    ///   - kernel: One of `Kernel.available`; it does not change the result.
    /// - Returns: The hashes, in the order of the inputs.
    public static func hashes(of inputs: [UnsafeRawBufferPointer], kernel: Kernel) -> [BLAKE3Output] {
        hashes(of: inputs, mode: .hash(on: Engine(kernel)))
    }

    private static func hashes(of inputs: [UnsafeRawBufferPointer], mode: Mode) -> [BLAKE3Output] {
        var outputs = [BLAKE3Output](repeating: BLAKE3Output(.initial), count: inputs.count)
        var blockCounts = BlockCounts()
        for (place, input) in inputs.enumerated() {
            if input.count > Chunk.byteCount {
                // Its chunks fill the lanes by themselves.
                outputs[place] = BLAKE3Output(mode.root(of: input))
            } else {
                blockCounts.insert(input.blockCount)
            }
        }
        // One pass over the inputs for each number of blocks, of which there are 16 at most and mostly few.
        for blockCount in 1...Chunk.blockCount where blockCounts.contains(blockCount) {
            var batch = InputBatch(blockCount: blockCount)
            for (place, input) in inputs.enumerated() where input.blockCount == blockCount {
                batch.append(input, place: place)
                if batch.isFull { batch.hash(mode: mode, into: &outputs) }
            }
            batch.hash(mode: mode, into: &outputs)
        }
        return outputs
    }
}

/// The numbers of blocks that occur among inputs of at most a chunk, a bit for each.
private struct BlockCounts {
    private var bits: UInt32 = 0

    mutating func insert(_ blockCount: Int) { bits |= 1 << UInt32(blockCount) }

    func contains(_ blockCount: Int) -> Bool { bits & 1 << UInt32(blockCount) != 0 }
}

/// Inputs of equally many blocks that are hashed together, each with the place where its hash belongs.
private struct InputBatch {
    private var chains: Chains
    private var places = InlineArray<16, Int>(repeating: 0)

    init(blockCount: Int) {
        chains = Chains(blockCount: blockCount)
    }

    var isFull: Bool { chains.isFull }

    mutating func append(_ input: UnsafeRawBufferPointer, place: Int) {
        places[chains.count] = place
        chains.append(input)
    }

    /// Hashes all inputs, each as a whole, and is empty again.
    mutating func hash(mode: Mode, into outputs: inout [BLAKE3Output]) {
        var roots = InlineArray<16, ChainingValue>(repeating: .initial)
        roots.withFirst { chains.compress(.rootChunk(flags: mode.flags), mode: mode, into: $0) }
        for index in 0..<chains.count {
            outputs[places[index]] = BLAKE3Output(roots[index])
        }
        chains.removeAll()
    }
}

extension UnsafeRawBufferPointer {
    /// The number of blocks that hold these bytes; no bytes have one, an empty one.
    fileprivate var blockCount: Int {
        isEmpty ? 1 : (count - 1) / Block.byteCount + 1
    }
}
