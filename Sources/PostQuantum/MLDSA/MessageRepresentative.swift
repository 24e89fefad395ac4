internal import Kernels

/// What ML-DSA signs of a message: 64 bytes μ that bind the message, its context and the public key.
///
/// Who holds a long message need not hand it to the holder of the key: the representative is enough, and needs no secret
/// (FIPS 204, section 6.2: the external μ).
public struct MessageRepresentative: Hashable, Sendable {
    /// The number of bytes.
    public static let byteCount = 64

    /// The 64 bytes.
    public let bytes: [UInt8]

    /// Takes over a representative that was computed elsewhere; nil unless it has 64 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Computes the representative of a message that is signed, or was, under a public key in a context.
    ///
    /// Algorithms 2, 3 and 7 of FIPS 204: μ = H(tr ‖ 0 ‖ |context| ‖ context ‖ message), with tr = H(public key).
    public init(message: [UInt8], context: [UInt8], key: VerificationKey) throws(SigningError) {
        let kernel = LatticeKernel(.preferred)
        let keyHash = Self.hash(ofKey: key.bytes, kernel: kernel)
        guard let representative = Self(message: message, context: context, keyHash: keyHash, kernel: kernel) else {
            throw .contextTooLong(context.count)
        }
        self = representative
    }

    /// Computes the representative for a key whose hash tr is known; nil if the context has more than 255 bytes.
    init?(message: [UInt8], context: [UInt8], keyHash: [UInt8], kernel: LatticeKernel) {
        guard let length = UInt8(exactly: context.count) else { return nil }
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(keyHash)
        sponge.absorb([0, length])
        sponge.absorb(context)
        sponge.absorb(message)
        bytes = sponge.squeeze(Self.byteCount)
    }

    /// The hash tr of a public key (FIPS 204, algorithm 6).
    static func hash(ofKey bytes: [UInt8], kernel: LatticeKernel) -> [UInt8] {
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(bytes)
        return sponge.squeeze(ParameterSet.hashByteCount)
    }
}
