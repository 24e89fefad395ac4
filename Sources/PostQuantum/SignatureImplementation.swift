public import Kernels

/// Whose code signs and verifies; all give signatures that all accept.
public enum SignatureImplementation: Hashable, Sendable {
    /// This package's own, with the loops of a kernel, one of `Kernel.available`.
    case native(Kernel)
    /// swift-crypto's, for ML-DSA-65 only: slower, and from other hands.
    case swiftCrypto

    /// This package's own, with the kernel that is preferred.
    public static let preferred = SignatureImplementation.native(.preferred)
}

extension SignatureImplementation: CustomStringConvertible {
    /// The kernel's name, or `swift-crypto`.
    public var description: String {
        switch self {
        case .native(let kernel): kernel.rawValue
        case .swiftCrypto: "swift-crypto"
        }
    }
}
