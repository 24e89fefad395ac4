internal import CKernels
internal import Kernels

/// The choice of kernels for a hash: one for a chain of blocks that stands alone, one for many side by side.
///
/// A chain alone waits for itself at every step; whether vectors shorten the wait depends on the processor. Chains side by
/// side wait for nothing and gain from every lane.
struct Engine: Sendable {
    /// What compresses one chain of blocks; of the kernels only AVX-512 has vectors for that.
    let alone: Kernel
    /// What compresses several chains of equally many blocks.
    let together: Kernel

    /// The fastest choice on this processor, unless the environment names a slower one.
    static let preferred: Engine = {
        let kernel = Kernel.preferred
        return Engine(alone: hotstuff_processor_chains_vectors() ? kernel : .swift, together: kernel)
    }()

    private init(alone: Kernel, together: Kernel) {
        self.alone = alone
        self.together = together
    }

    /// One kernel for everything; it must be one that this processor runs.
    init(_ kernel: Kernel) {
        precondition(kernel.isAvailable, "this processor does not run \(kernel)")
        self.init(alone: kernel, together: kernel)
    }
}
