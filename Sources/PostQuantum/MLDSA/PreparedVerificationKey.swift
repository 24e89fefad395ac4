public import Kernels

/// An ML-DSA public key made ready to verify many signatures.
///
/// Expanding a key costs more than verifying with it. Validators are few and known, so each one's matrix A, NTT(t1) and
/// tr are kept, 20 KB for ML-DSA-44 and 37 KB for ML-DSA-65, and a verification is left with a handful of transforms.
/// Verification handles public data only, and takes a time that depends on it.
public final class PreparedVerificationKey: Verifier {
    /// The key that was prepared.
    public let key: VerificationKey
    let parameters: ParameterSet
    let kernel: LatticeKernel
    /// tr, the hash of the key.
    let keyHash: [UInt8]
    private let matrix: KeyMatrix

    /// Expands a key; allocates what the scheme needs and nothing that depends on the key's content.
    ///
    /// - Parameters:
    ///   - key: the key; any content is one.
    ///   - kernel: the form of the loops, one of `Kernel.available`.
    public convenience init(_ key: VerificationKey, kernel: Kernel = .preferred) {
        self.init(key, kernel: LatticeKernel(kernel))
    }

    init(_ key: VerificationKey, kernel: LatticeKernel) {
        self.key = key
        self.kernel = kernel
        parameters = key.scheme.parameters
        keyHash = MessageRepresentative.hash(ofKey: key.bytes, kernel: kernel)
        matrix = KeyMatrix(key.bytes, parameters: parameters, kernel: kernel)
    }

    /// The 64 bytes that a signature of a message in a context would sign; nil if the context has more than 255 bytes.
    public func representative(of message: [UInt8], context: [UInt8]) -> MessageRepresentative? {
        MessageRepresentative(message: message, context: context, keyHash: keyHash, kernel: kernel)
    }

    /// Whether a signature is valid (FIPS 204, algorithm 3 `ML-DSA.Verify`).
    public func isValid(_ signature: [UInt8], for message: [UInt8], context: [UInt8]) -> Bool {
        fault(of: signature, for: message, context: context) == nil
    }

    /// Whether a signature is valid for a message's representative (FIPS 204, algorithm 8 `ML-DSA.Verify_internal`).
    public func isValid(_ signature: [UInt8], for representative: MessageRepresentative) -> Bool {
        fault(of: signature, for: representative) == nil
    }

    /// Why a signature is not valid; nothing if it is (FIPS 204, algorithm 3 `ML-DSA.Verify`).
    public func fault(of signature: [UInt8], for message: [UInt8], context: [UInt8]) -> SignatureFault? {
        guard signature.count == parameters.signatureByteCount else { return wrongLength(signature) }
        guard let representative = representative(of: message, context: context) else {
            return .contextTooLong(context.count)
        }
        return fault(of: signature, for: representative)
    }

    /// Why a signature is not valid for a message's representative; nothing if it is.
    ///
    /// FIPS 204, algorithms 8 `ML-DSA.Verify_internal` and 27 `sigDecode`. Any bytes may be asked about.
    public func fault(of signature: [UInt8], for representative: MessageRepresentative) -> SignatureFault? {
        guard signature.count == parameters.signatureByteCount else { return wrongLength(signature) }
        return signature.withUnsafeBytes { fault(of: $0, representative) }
    }

    private func wrongLength(_ signature: [UInt8]) -> SignatureFault {
        .wrongLength(signature.count, expected: parameters.signatureByteCount)
    }

    private func fault(
        of signature: UnsafeRawBufferPointer,
        _ representative: MessageRepresentative
    ) -> SignatureFault? {
        guard let address = signature.baseAddress else {
            return .wrongLength(0, expected: parameters.signatureByteCount)
        }
        let hintOffset = parameters.challengeByteCount + parameters.l * parameters.maskByteCount
        guard let hint = PackedHint(.init(rebasing: signature[hintOffset...]), parameters: parameters) else {
            return .malformedHint
        }

        // The l polynomials of z and, behind them, c: one vector to be multiplied with the rows of the key.
        let vector = PolynomialVector(count: parameters.l + 1, holdsSecrets: false)
        for index in 0..<parameters.l {
            let bytes = address + parameters.challengeByteCount + index * parameters.maskByteCount
            kernel.unpackMask(bytes, bitCount: parameters.maskBitCount, into: vector[index])
            guard kernel.isBelow(parameters.gamma1 - parameters.beta, vector[index]) else { return .outOfRange }
            kernel.transform(vector[index])
        }
        let commitmentHash = UnsafeRawBufferPointer(rebasing: signature[..<parameters.challengeByteCount])
        Sampling.challenge(commitmentHash, parameters: parameters, kernel: kernel, into: vector[parameters.l])
        kernel.transform(vector[parameters.l])

        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(representative.bytes)
        commit(to: vector, hint: hint, in: &sponge)
        return sponge.squeeze(parameters.challengeByteCount).elementsEqual(commitmentHash) ? nil : .mismatch
    }

    /// Hashes the commitment that the signature implies: the high bits of A·z - c·t1·2^d, corrected by the hint.
    private func commit(to vector: borrowing PolynomialVector, hint: PackedHint, in sponge: inout Sponge) {
        let row = PolynomialVector(count: 2, holdsSecrets: false)
        defer { extendLifetime(row) }
        let (w, w1) = (row[0], row[1])
        withUnsafeTemporaryAllocation(byteCount: parameters.commitmentByteCount, alignment: 8) { packed in
            guard let address = packed.baseAddress else { return }
            for index in 0..<parameters.k {
                kernel.multiply(matrix.row(index), vector[0], count: parameters.l + 1, into: w)
                kernel.inverseTransform(w)
                kernel.takeHighBits(of: w, into: w1, gamma2: parameters.gamma2)
                for place in hint.places(inRow: index) {
                    w1[Int(place)] = parameters.highBitsWithHint(w[Int(place)])
                }
                kernel.packCommitment(w1, bitCount: parameters.commitmentBitCount, to: address)
                sponge.absorb(UnsafeRawBufferPointer(packed))
            }
        }
    }

    /// The row of the matrix A with some index, l polynomials in the transform's domain.
    func matrixRow(_ index: Int) -> UnsafePointer<Int32> { matrix.row(index) }
}
