/// What a seed expands to: the public key, and the secrets in the form in which they sign.
///
/// Source: FIPS 204, algorithm 6 `ML-DSA.KeyGen_internal`. Instead of the encoded private key (algorithm 24) the transforms
/// of its polynomials are kept, which every signature needs; only the seed is ever stored.
final class ExpandedSecrets: @unchecked Sendable {
    // Written only while it is made, so that many threads may read it.

    /// K, from which the masks of signatures are drawn: 32 bytes.
    let maskKey: SecretBuffer
    /// The transforms of the l polynomials of s1, the k of s2 and the k of t0, one behind the other; all in (-9q, 9q).
    private let transforms: PolynomialVector
    /// The public key (FIPS 204, algorithm 22 `pkEncode`).
    let verificationKeyBytes: [UInt8]
    private let parameters: ParameterSet

    /// Expands a seed ξ of 32 bytes.
    init(seed: UnsafeRawBufferPointer, parameters: ParameterSet, kernel: LatticeKernel) {
        let (k, l) = (parameters.k, parameters.l)
        self.parameters = parameters
        let hash = SecretBuffer(byteCount: 128)
        defer { extendLifetime(hash) }
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(seed)
        sponge.absorb([UInt8(k), UInt8(l)])
        sponge.squeeze(into: hash.bytes)
        let publicSeed = UnsafeRawBufferPointer(rebasing: hash.bytes[..<32])
        let secretSeed = UnsafeRawBufferPointer(rebasing: hash.bytes[32..<96])
        maskKey = SecretBuffer(copying: UnsafeRawBufferPointer(rebasing: hash.bytes[96...]))
        // ρ is part of the public key.
        if let address = publicSeed.baseAddress { markPublic(address, byteCount: publicSeed.count) }

        let secrets = PolynomialVector(count: l + k + k, holdsSecrets: true)
        Sampling.expandSecrets(seed: secretSeed, parameters: parameters, kernel: kernel, secrets: secrets)
        let matrix = PolynomialVector(count: k * l, holdsSecrets: false)
        Sampling.expandMatrix(seed: publicSeed, parameters: parameters, kernel: kernel) { matrix[$0 * l + $1] }

        // t = A·s1 + s2 needs s1 transformed and s2 as it is.
        for index in 0..<l { kernel.transform(secrets[index]) }
        let row = PolynomialVector(count: 2, holdsSecrets: true)
        defer { extendLifetime(row) }
        let (t, t1) = (row[0], row[1])
        let roundedBytes = [UInt8](unsafeUninitializedCapacity: k * ParameterSet.roundedKeyByteCount) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<k {
                kernel.multiply(matrix[index * l], secrets[0], count: l, into: t)
                kernel.inverseTransform(t)
                let (s2, t0) = (secrets[l + index], secrets[l + k + index])
                for j in 0..<Ring.degree {
                    let residue = Ring.addModulusIfNegative(Ring.reduce(t[j] &+ s2[j]))
                    (t1[j], t0[j]) = Rounding.power2Round(residue)
                }
                // Public: t1 is the public key.
                markPublic(t1, byteCount: Ring.degree * MemoryLayout<Int32>.stride)
                guard let address = bytes.baseAddress else { return }
                BitPacking.packRoundedKey(t1, to: address + index * ParameterSet.roundedKeyByteCount)
            }
            count = k * ParameterSet.roundedKeyByteCount
        }
        for index in l..<secrets.count { kernel.transform(secrets[index]) }
        transforms = secrets
        verificationKeyBytes = Array(publicSeed) + roundedBytes
    }

    /// NTT(s1) at an index below l.
    func s1(_ index: Int) -> UnsafePointer<Int32> { UnsafePointer(transforms[index]) }
    /// NTT(s2) at an index below k.
    func s2(_ index: Int) -> UnsafePointer<Int32> { UnsafePointer(transforms[parameters.l + index]) }
    /// NTT(t0) at an index below k.
    func t0(_ index: Int) -> UnsafePointer<Int32> { UnsafePointer(transforms[parameters.l + parameters.k + index]) }
}
