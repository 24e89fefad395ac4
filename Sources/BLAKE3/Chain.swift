internal import Kernels

#if arch(x86_64)
internal import CKernels
#endif

extension ChainingValue {
    /// Absorbs at most a chunk of bytes, block after block; no bytes at all are one empty block.
    @inline(__always)
    mutating func absorb(_ bytes: UnsafeRawBufferPointer, labels: Labels, kernel: Kernel) {
        #if arch(x86_64)
        switch kernel {
        case .swift, .avx2: absorbPlainly(bytes, labels)
        case .avx512:
            withWords { hotstuff_blake3_avx512_absorb($0, bytes.baseAddress, bytes.count, labels.forKernels) }
        }
        #else
        absorbPlainly(bytes, labels)
        #endif
    }

    private mutating func absorbPlainly(_ bytes: UnsafeRawBufferPointer, _ labels: Labels) {
        var flags = labels.flags.union(labels.first)
        var rest = bytes
        while rest.count > Block.byteCount, let start = rest.baseAddress {
            absorb(blockAt: start, counter: labels.counter, flags: flags)
            flags = labels.flags
            rest = UnsafeRawBufferPointer(start: start + Block.byteCount, count: rest.count - Block.byteCount)
        }
        let blockLength = UInt32(truncatingIfNeeded: rest.count)
        let block = Block(padding: rest)
        flags.formUnion(labels.last)
        self =
            CompressionState(self, block, counter: labels.counter, blockLength: blockLength, flags: flags).chainingValue
    }
}

#if arch(x86_64)
extension ChainingValue {
    /// Lends the eight words to C: they are all that is stored, in their order and without gaps.
    @inline(__always)
    fileprivate mutating func withWords(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
        withUnsafeMutableBytes(of: &self) { bytes in
            if let start = bytes.baseAddress { body(start.assumingMemoryBound(to: UInt32.self)) }
        }
    }
}

extension Labels {
    /// The same for C.
    @inline(__always)
    var forKernels: hotstuff_blake3_labels {
        hotstuff_blake3_labels(
            counter: counter,
            counter_step: counterStep,
            flags: flags.rawValue,
            first_flags: first.rawValue,
            last_flags: last.rawValue
        )
    }
}
#endif
