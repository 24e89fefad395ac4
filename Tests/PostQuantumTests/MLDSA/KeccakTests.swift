import Kernels
import Testing

@testable import PostQuantum

/// What SHAKE gives for a message of some length: the first 8 and the last 16 of 700 bytes of output.
///
/// The message's bytes are 1, 8, 15 and so on.
/// Computed with hashlib of CPython, which calls OpenSSL.
struct KnownOutput: Sendable {
    let function: ExtendableOutputFunction
    let byteCount: Int
    let first: UInt64
    let last: (UInt64, UInt64)

    static let all: [KnownOutput] = [
        KnownOutput(.shake128, 0, 0x7f9c_2ba4_e88f_827d, (0x19ea_10f8_18c3_0e3b, 0x5b1c_571f_a79e_57ee)),
        KnownOutput(.shake128, 1, 0x44b9_b48d_abe9_9470, (0x33c7_08c0_03b3_4ab9, 0x95ca_0453_8a56_2d1e)),
        KnownOutput(.shake128, 167, 0xf556_a4f5_ec6d_8c97, (0x90d4_8d9a_f714_10dc, 0xa78a_b7c0_33e7_ea2d)),
        KnownOutput(.shake128, 168, 0x0a03_7814_4caa_796f, (0x3e05_29a3_f018_9d68, 0x4bde_1d3e_227a_ba95)),
        KnownOutput(.shake128, 169, 0x6646_9aa3_d4ee_e62f, (0x9de4_689f_d149_8817, 0xcc47_8880_87aa_4c79)),
        KnownOutput(.shake128, 500, 0x5aec_851c_18a4_139d, (0x8031_0d83_c963_0a83, 0xc61e_52b6_9fa0_1ca5)),
        KnownOutput(.shake256, 0, 0x46b9_dd2b_0ba8_8d13, (0x5b8c_5b84_736b_1426, 0x6160_342c_4093_f8ab)),
        KnownOutput(.shake256, 1, 0x94da_6280_b240_ea6a, (0x6a91_41d7_3bda_1b49, 0xa2b7_dc72_16b9_037a)),
        KnownOutput(.shake256, 135, 0xd2fb_e0a6_ded4_9450, (0xe9a9_b320_3cdb_46cc, 0xef9b_ccb2_3ccb_366e)),
        KnownOutput(.shake256, 136, 0x982c_21d1_d328_ea0c, (0x3ac7_2b27_477a_bab8, 0x3209_979f_7cea_3e2c)),
        KnownOutput(.shake256, 137, 0xaca6_5e9d_4a27_3610, (0xf1ef_451d_6be1_7ad3, 0x91b5_87ca_5928_f97e)),
        KnownOutput(.shake256, 500, 0x69e4_571a_8c92_bfc3, (0x4230_ab6d_09a7_78c6, 0x818b_5c92_d0e8_7af3)),
    ]

    init(_ function: ExtendableOutputFunction, _ byteCount: Int, _ first: UInt64, _ last: (UInt64, UInt64)) {
        self.function = function
        self.byteCount = byteCount
        self.first = first
        self.last = last
    }

    var message: [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) } }
}

private func bigEndian(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}

@Suite("SHAKE")
struct KeccakTests {
    @Test("gives the output that others give, however the message is cut", arguments: Kernel.available)
    func knownOutputs(_ kernel: Kernel) {
        for known in KnownOutput.all {
            for cut in [0, 1, 8, 50, 64, 136, known.byteCount] where cut <= known.byteCount {
                var sponge = Sponge(known.function, kernel: LatticeKernel(kernel))
                sponge.absorb(Array(known.message[..<cut]))
                sponge.absorb(Array(known.message[cut...]))
                let output = sponge.squeeze(3) + sponge.squeeze(400) + sponge.squeeze(297)
                #expect(bigEndian(output[..<8]) == known.first, "\(known.function), \(known.byteCount) cut at \(cut)")
                #expect(bigEndian(output[684..<692]) == known.last.0)
                #expect(bigEndian(output[692...]) == known.last.1)
            }
        }
    }

    @Test("the constants of the rounds are those of the standard")
    func roundConstants() {
        #expect(Keccak.roundConstants.count == 24)
        #expect(Keccak.roundConstants[..<4] == [1, 0x8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000])
        #expect(Keccak.roundConstants[23] == 0x8000_0000_8000_8008)
    }

    @Test("runs side by side give what each gives alone", arguments: Kernel.available)
    func parallel(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        var random = SplitMix64(seed: 17)
        for function in [ExtendableOutputFunction.shake128, .shake256] {
            for byteCount in [0, 1, 32, 64, 100] {
                let seed = random.bytes(byteCount)
                let sponge = ParallelSponge(function, kernel: kernel)
                seed.withUnsafeBytes {
                    for run in 0..<sponge.width { sponge.start(run: run, seed: $0, suffix: (UInt8(run), 200)) }
                }
                var outputs = [[UInt8]](repeating: [], count: sponge.width)
                for _ in 0..<3 {
                    sponge.advance()
                    for run in 0..<sponge.width {
                        outputs[run] += [UInt8](unsafeUninitializedCapacity: function.rate) { buffer, count in
                            sponge.copyBlock(of: run, to: UnsafeMutableRawPointer(buffer.baseAddress!))
                            count = function.rate
                        }
                    }
                }
                for run in 0..<sponge.width {
                    var alone = Sponge(function, kernel: LatticeKernel(.swift))
                    alone.absorb(seed + [UInt8(run), 200])
                    #expect(outputs[run] == alone.squeeze(3 * function.rate), "run \(run) of \(sponge.width)")
                }
            }
        }
    }
}
