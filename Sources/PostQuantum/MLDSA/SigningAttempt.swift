/// The body of the rejection loop of signing, with the memory that all attempts share.
///
/// Source: FIPS 204, algorithm 7 `ML-DSA.Sign_internal`, lines 11 to 32.
struct SigningAttempt: ~Copyable {
    private let secrets: ExpandedSecrets
    private let key: PreparedVerificationKey
    private let parameters: ParameterSet
    private let kernel: LatticeKernel
    /// y, and then z in its place: l polynomials.
    private let mask: PolynomialVector
    /// NTT(y): l polynomials; and NTT(c) behind them.
    private let transformed: PolynomialVector
    /// w, and then w - c·s2 in its place: k polynomials.
    private let commitment: PolynomialVector
    /// h: k polynomials.
    private let hint: PolynomialVector
    /// Two polynomials for what comes between.
    private let scratch: PolynomialVector

    init(secrets: ExpandedSecrets, key: PreparedVerificationKey) {
        self.secrets = secrets
        self.key = key
        parameters = key.parameters
        kernel = key.kernel
        mask = PolynomialVector(count: parameters.l, holdsSecrets: true)
        transformed = PolynomialVector(count: parameters.l + 1, holdsSecrets: true)
        commitment = PolynomialVector(count: parameters.k, holdsSecrets: true)
        hint = PolynomialVector(count: parameters.k, holdsSecrets: true)
        scratch = PolynomialVector(count: 2, holdsSecrets: true)
    }

    /// Tries to sign with the next mask; nothing if the attempt has to be rejected.
    ///
    /// What is rejected is forgotten: that it was, and by which polynomial, is independent of the secrets (Ducas et al.,
    /// "CRYSTALS-Dilithium", 2018). So the check that fails most often comes first.
    func run(_ representative: MessageRepresentative, _ masks: inout MaskStream) -> [UInt8]? {
        let commitmentHash = commit(representative, &masks)
        let challenge = transformed[parameters.l]
        commitmentHash.withUnsafeBytes {
            Sampling.challenge($0, parameters: parameters, kernel: kernel, into: challenge)
        }
        kernel.transform(challenge)
        guard subtractSecondSecret(challenge), addFirstSecret(challenge), makeHint(challenge) else { return nil }
        return encode(commitmentHash)
    }

    /// Draws y, computes w = A·y and hashes its high bits: c̃.
    private func commit(_ representative: MessageRepresentative, _ masks: inout MaskStream) -> [UInt8] {
        for index in 0..<parameters.l {
            masks.draw(into: mask[index])
            transformed[index].update(from: mask[index], count: Ring.degree)
            kernel.transform(transformed[index])
        }
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(representative.bytes)
        let packed = SecretBuffer(byteCount: parameters.commitmentByteCount)
        for index in 0..<parameters.k {
            let w = commitment[index]
            kernel.multiply(key.matrixRow(index), transformed[0], count: parameters.l, into: w)
            kernel.inverseTransform(w)
            kernel.takeHighBits(of: w, into: scratch[0], gamma2: parameters.gamma2)
            guard let address = packed.bytes.baseAddress else { return [] }
            kernel.packCommitment(scratch[0], bitCount: parameters.commitmentBitCount, to: address)
            sponge.absorb(UnsafeRawBufferPointer(packed.bytes))
        }
        let hash = sponge.squeeze(parameters.challengeByteCount)
        // Public: in the signature if the attempt succeeds. If not, the hash of a w1 that is never shown says nothing of it
        // to who cannot guess it.
        hash.withUnsafeBytes { if let address = $0.baseAddress { markPublic(address, byteCount: $0.count) } }
        return hash
    }

    /// Computes w - c·s2 in the place of w; whether its low bits are small enough to hide c·s2.
    private func subtractSecondSecret(_ challenge: Coefficients) -> Bool {
        for index in 0..<parameters.k {
            let (w, product) = (commitment[index], scratch[0])
            kernel.multiply(secrets.s2(index), challenge, count: 1, into: product)
            kernel.inverseTransform(product)
            guard
                kernel.subtract(
                    product,
                    from: w,
                    gamma2: parameters.gamma2,
                    bound: parameters.gamma2 - parameters.beta
                )
            else { return false }
        }
        return true
    }

    /// Computes z = y + c·s1 in the place of y; whether it is small enough to hide c·s1.
    private func addFirstSecret(_ challenge: Coefficients) -> Bool {
        for index in 0..<parameters.l {
            let (y, product) = (mask[index], scratch[0])
            kernel.multiply(secrets.s1(index), challenge, count: 1, into: product)
            kernel.inverseTransform(product)
            guard kernel.add(product, to: y, bound: parameters.gamma1 - parameters.beta) else { return false }
        }
        return true
    }

    /// Computes the hint, with which a verifier finds w1 without t0; whether it is possible and has at most ω ones.
    ///
    /// A one stands where adding c·t0 to w - c·s2 changes the high bits (FIPS 204, algorithm 39 `MakeHint`).
    private func makeHint(_ challenge: Coefficients) -> Bool {
        var count: Int32 = 0
        for index in 0..<parameters.k {
            let (w, product, high) = (commitment[index], scratch[0], scratch[1])
            kernel.multiply(secrets.t0(index), challenge, count: 1, into: product)
            kernel.inverseTransform(product)
            for j in 0..<Ring.degree { product[j] = Ring.reduce(product[j]) }
            guard kernel.isBelow(parameters.gamma2, product) else { return false }
            kernel.takeHighBits(of: w, into: high, gamma2: parameters.gamma2)
            for j in 0..<Ring.degree { w[j] = Ring.reduce(w[j] &+ product[j]) }
            let bits = hint[index]
            kernel.takeHighBits(of: w, into: bits, gamma2: parameters.gamma2)
            for j in 0..<Ring.degree {
                // One if the two differ: both are small and not negative.
                bits[j] = (0 &- (bits[j] ^ high[j])) &>> 31 & 1
                count &+= bits[j]
            }
        }
        var excess = Int32(parameters.omega) &- count
        // Public: one more reason to reject.
        markPublic(&excess, byteCount: MemoryLayout<Int32>.size)
        return excess >= 0
    }

    /// The signature: c̃, z and h (FIPS 204, algorithm 26 `sigEncode`).
    private func encode(_ commitmentHash: [UInt8]) -> [UInt8] {
        var signature =
            commitmentHash + [UInt8](repeating: 0, count: parameters.signatureByteCount - commitmentHash.count)
        // Public from here on: the attempt succeeded, and this is the signature.
        markPublic(mask[0], byteCount: parameters.l * Ring.degree * MemoryLayout<Int32>.stride)
        markPublic(hint[0], byteCount: parameters.k * Ring.degree * MemoryLayout<Int32>.stride)
        signature.withUnsafeMutableBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            var offset = parameters.challengeByteCount
            for index in 0..<parameters.l {
                BitPacking.packMask(mask[index], parameters: parameters, to: address + offset)
                offset += parameters.maskByteCount
            }
            PackedHint.pack(hint, parameters: parameters, to: .init(rebasing: bytes[offset...]))
        }
        return signature
    }
}
