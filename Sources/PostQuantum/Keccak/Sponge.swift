internal import CKernels

#if _endian(big)
#error("the bytes of a state are read in place, which needs a little-endian processor")
#endif

/// One of the two extendable-output functions that ML-DSA uses (FIPS 202, section 6.2).
enum ExtendableOutputFunction: Sendable {
    /// H of FIPS 204, section 3.7.
    case shake256
    /// G of FIPS 204, section 3.7.
    case shake128

    /// The number of bytes that one permutation takes in or gives.
    var rate: Int {
        switch self {
        case .shake256: 136
        case .shake128: 168
        }
    }

    /// What follows the last byte of the message: the suffix 1111 and the first bit of the padding.
    static let padding: UInt8 = 0x1f
}

/// One run of SHAKE: absorbs a message in pieces, then gives output in pieces (FIPS 202, section 4).
///
/// The state is overwritten when it goes, for much of what is hashed is secret.
struct Sponge: ~Copyable {
    private let kernel: LatticeKernel
    private let rate: Int
    private let state: UnsafeMutablePointer<UInt64>
    private var position = 0
    private var isSqueezing = false

    /// Starts with an empty message.
    init(_ function: ExtendableOutputFunction, kernel: LatticeKernel) {
        self.kernel = kernel
        rate = function.rate
        state = .allocate(capacity: Keccak.laneCount)
        state.initialize(repeating: 0, count: Keccak.laneCount)
    }

    deinit {
        hotstuff_wipe(state, Keccak.laneCount * MemoryLayout<UInt64>.stride)
        state.deallocate()
    }

    /// Appends to the message; not after output has been taken.
    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        precondition(!isSqueezing, "a message goes on after its output was taken")
        let target = UnsafeMutableRawPointer(state)
        var offset = 0
        while offset < bytes.count {
            let count = min(rate - position, bytes.count - offset)
            var index = 0
            // Whole lanes, where a piece begins with one.
            while position & 7 == 0, count - index >= 8 {
                let lane = target + position + index
                let word = bytes.loadUnaligned(fromByteOffset: offset + index, as: UInt64.self)
                lane.storeBytes(of: lane.load(as: UInt64.self) ^ word, as: UInt64.self)
                index += 8
            }
            while index < count {
                let byte = target + position + index
                byte.storeBytes(of: byte.load(as: UInt8.self) ^ bytes[offset + index], as: UInt8.self)
                index += 1
            }
            offset += count
            position += count
            if position == rate { permute() }
        }
    }

    /// Appends to the message; not after output has been taken.
    mutating func absorb(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { absorb($0) }
    }

    /// Gives the next bytes of the output.
    mutating func squeeze(into output: UnsafeMutableRawBufferPointer) {
        if !isSqueezing { finish() }
        let source = UnsafeRawPointer(state)
        var offset = 0
        while offset < output.count {
            if position == rate { permute() }
            let count = min(rate - position, output.count - offset)
            UnsafeMutableRawBufferPointer(rebasing: output[offset..<offset + count])
                .copyMemory(from: UnsafeRawBufferPointer(start: source + position, count: count))
            offset += count
            position += count
        }
    }

    /// Gives the next bytes of the output, which are not secret.
    mutating func squeeze(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            squeeze(into: UnsafeMutableRawBufferPointer(buffer))
            initializedCount = count
        }
    }

    private mutating func permute() {
        kernel.permute(state)
        position = 0
    }

    private mutating func finish() {
        let bytes = UnsafeMutableRawPointer(state)
        let end = bytes + position
        end.storeBytes(of: end.load(as: UInt8.self) ^ ExtendableOutputFunction.padding, as: UInt8.self)
        let last = bytes + rate - 1
        last.storeBytes(of: last.load(as: UInt8.self) ^ 0x80, as: UInt8.self)
        permute()
        isSqueezing = true
    }
}
