/// The masks y of one signature, polynomial after polynomial (FIPS 204, algorithm 34 `ExpandMask`).
///
/// Each attempt at a signature takes the next l polynomials. They are numbered through, so they are drawn as many at once
/// as the kernel is wide, beyond the end of an attempt.
struct MaskStream: ~Copyable {
    private let parameters: ParameterSet
    private let kernel: LatticeKernel
    private let sponge: ParallelSponge
    private let seed: SecretBuffer
    private let drawn: SecretBuffer
    private let byteCountPerRun: Int
    private var next = 0
    private var ready = 0

    /// The number of polynomials that one signature can draw: what the counter of 16 bits can number.
    static let maximumCount = 1 << 16

    /// Starts at polynomial 0 with a seed ρ″ of 64 bytes.
    init(seed: consuming SecretBuffer, parameters: ParameterSet, kernel: LatticeKernel) {
        self.parameters = parameters
        self.kernel = kernel
        self.seed = seed
        sponge = ParallelSponge(.shake256, kernel: kernel)
        let rate = ExtendableOutputFunction.shake256.rate
        byteCountPerRun = (parameters.maskByteCount + rate - 1) / rate * rate
        drawn = SecretBuffer(byteCount: byteCountPerRun * kernel.width)
    }

    /// Whether as many polynomials as an attempt needs are left.
    var hasNextAttempt: Bool { next + parameters.l <= Self.maximumCount }

    /// Puts the next polynomial where it goes, with coefficients in (-γ1, γ1].
    mutating func draw(into polynomial: Coefficients) {
        if next == ready { drawRuns() }
        let run = next - (ready - sponge.width)
        guard let address = drawn.bytes.baseAddress else { return }
        kernel.unpackMask(address + run * byteCountPerRun, bitCount: parameters.maskBitCount, into: polynomial)
        next += 1
    }

    private mutating func drawRuns() {
        for run in 0..<sponge.width {
            let number = UInt16(truncatingIfNeeded: ready + run)
            sponge.start(
                run: run,
                seed: UnsafeRawBufferPointer(seed.bytes),
                suffix: (UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8))
            )
        }
        let rate = ExtendableOutputFunction.shake256.rate
        guard let address = drawn.bytes.baseAddress else { return }
        for offset in stride(from: 0, to: byteCountPerRun, by: rate) {
            sponge.advance()
            for run in 0..<sponge.width { sponge.copyBlock(of: run, to: address + run * byteCountPerRun + offset) }
        }
        ready += sponge.width
    }
}
