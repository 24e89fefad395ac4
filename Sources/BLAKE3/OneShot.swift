public import Kernels

extension BLAKE3 {
    /// The hash of bytes that are all at hand; O(`bytes.count`), allocates nothing.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> BLAKE3Output {
        BLAKE3Output(Mode.hash(on: .preferred).root(of: bytes))
    }

    /// The hash of bytes that are all at hand; O(`bytes.count`), allocates nothing.
    public static func hash(_ bytes: [UInt8]) -> BLAKE3Output {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The hash of bytes that are all at hand, by a certain kernel, for tests and measurements.
    ///
    /// - Parameters:
    ///   - bytes: The input.
    ///   - kernel: One of `Kernel.available`; it does not change the result.
    /// - Returns: The hash.
    public static func hash(_ bytes: UnsafeRawBufferPointer, kernel: Kernel) -> BLAKE3Output {
        BLAKE3Output(Mode.hash(on: Engine(kernel)).root(of: bytes))
    }

    /// The keyed hash of bytes that are all at hand; nil unless the key has exactly 32 bytes.
    public static func keyedHash(_ bytes: [UInt8], key: [UInt8]) -> BLAKE3Output? {
        guard let mode = Mode.keyedHash(key, on: .preferred) else { return nil }
        return bytes.withUnsafeBytes { BLAKE3Output(mode.root(of: $0)) }
    }

    /// The 32-byte key derived from key material for a context.
    ///
    /// - Parameters:
    ///   - context: A constant, globally unique name of the key's one purpose.
    ///   - material: The key material, of any length; not a password.
    /// - Returns: The derived key.
    public static func deriveKey(context: String, material: [UInt8]) -> BLAKE3Output {
        let mode = Mode.deriveKey(context: context, on: .preferred)
        return material.withUnsafeBytes { BLAKE3Output(mode.root(of: $0)) }
    }
}
