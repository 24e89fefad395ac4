internal import CKernels

/// A way to compute what can be computed in several: all give the same results, at different speeds.
///
/// The plain Swift path runs everywhere and is the one to read; the others are for processors that have the instructions.
public enum Kernel: String, Hashable, Sendable, CaseIterable {
    /// Plain Swift, on every processor.
    case swift
    /// C for x86-64 with AVX2, eight 32-bit lanes.
    case avx2
    /// C for x86-64 with AVX-512 (F, BW, DQ, VL), sixteen 32-bit lanes.
    case avx512

    /// The kernels that this processor runs, slowest first; never empty.
    public static let available: [Kernel] = allCases.filter(\.isAvailable)

    /// The fastest kernel that this processor runs, unless the environment names another.
    ///
    /// The variable `HOTSTUFF_KERNEL` names a kernel by its raw value, for tests and for a processor that is not to be
    /// trusted with more. A name that is unknown, or a kernel that the processor does not run, chooses plain Swift: who
    /// sets the variable wants less than the fastest.
    public static let preferred: Kernel = preferred(named: environmentValue("HOTSTUFF_KERNEL"), among: available)

    static func preferred(named name: String?, among available: [Kernel]) -> Kernel {
        guard let name, !name.isEmpty else { return available.last ?? .swift }
        guard let kernel = Kernel(rawValue: name), available.contains(kernel) else { return .swift }
        return kernel
    }

    /// Whether this processor runs the kernel; O(1).
    public var isAvailable: Bool {
        switch self {
        case .swift: true
        case .avx2: hotstuff_processor_runs_avx2()
        case .avx512: hotstuff_processor_runs_avx512()
        }
    }
}

extension Kernel: CustomStringConvertible {
    /// The kernel's name.
    public var description: String { rawValue }
}
