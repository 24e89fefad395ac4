internal import CKernels

/// Several runs of SHAKE side by side, over messages shorter than one block.
///
/// Sampling expands one seed with many small numbers: the wide kernels permute as many states at once as they have lanes.
/// The states are interleaved, all first lanes before all second ones, and overwritten when they go.
struct ParallelSponge: ~Copyable {
    /// The number of runs.
    let width: Int
    private let kernel: LatticeKernel
    private let rate: Int
    private let states: UnsafeMutablePointer<UInt64>
    private let block: UnsafeMutablePointer<UInt64>

    /// Starts as many runs as the kernel is wide, with empty messages.
    init(_ function: ExtendableOutputFunction, kernel: LatticeKernel) {
        self.kernel = kernel
        width = kernel.width
        rate = function.rate
        states = .allocate(capacity: Keccak.laneCount * kernel.width)
        states.initialize(repeating: 0, count: Keccak.laneCount * kernel.width)
        block = .allocate(capacity: Keccak.laneCount)
        block.initialize(repeating: 0, count: Keccak.laneCount)
    }

    deinit {
        hotstuff_wipe(states, Keccak.laneCount * width * MemoryLayout<UInt64>.stride)
        hotstuff_wipe(block, Keccak.laneCount * MemoryLayout<UInt64>.stride)
        states.deallocate()
        block.deallocate()
    }

    /// Begins a run anew with a whole message: a seed and a suffix of two bytes.
    func start(run: Int, seed: UnsafeRawBufferPointer, suffix: (UInt8, UInt8)) {
        let count = seed.count + 2
        precondition(run < width && count < rate, "a message of \(count) bytes in run \(run) of \(width)")
        let bytes = UnsafeMutableRawBufferPointer(start: block, count: Keccak.laneCount * MemoryLayout<UInt64>.stride)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        bytes.copyMemory(from: seed)
        bytes[seed.count] = suffix.0
        bytes[seed.count + 1] = suffix.1
        bytes[count] = ExtendableOutputFunction.padding
        bytes[rate - 1] ^= 0x80
        for lane in 0..<Keccak.laneCount { states[lane * width + run] = block[lane] }
    }

    /// Permutes all states: the next block of each run can be read.
    func advance() {
        kernel.permuteMany(states)
    }

    /// Copies the current block of a run, as many bytes as the rate, to an address.
    func copyBlock(of run: Int, to address: UnsafeMutableRawPointer) {
        for lane in 0..<rate / MemoryLayout<UInt64>.stride {
            address.storeBytes(of: states[lane * width + run], toByteOffset: 8 * lane, as: UInt64.self)
        }
    }
}
