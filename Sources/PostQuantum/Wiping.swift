internal import CKernels

/// Overwrites memory that held secrets.
@inline(__always)
func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    if let address = memory.baseAddress { hotstuff_wipe(address, memory.count) }
}
