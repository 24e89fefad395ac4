/// A public key expanded: the matrix A with one more column, -NTT(t1·2^d).
///
/// A row times (z, c) is then a row of A·z - c·t1·2^d, in one run over the coefficients.
///
/// It is written only while it is made, so that many threads may read it.
final class KeyMatrix: @unchecked Sendable {
    private let elements: PolynomialVector
    private let columnCount: Int

    /// Expands a public key of the parameter set's length (FIPS 204, algorithms 23 `pkDecode` and 32 `ExpandA`).
    init(_ key: [UInt8], parameters: ParameterSet, kernel: LatticeKernel) {
        columnCount = parameters.l + 1
        elements = PolynomialVector(count: parameters.k * columnCount, holdsSecrets: false)
        let padded = key + [UInt8](repeating: 0, count: BitPacking.slack)
        padded.withUnsafeBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            let seed = UnsafeRawBufferPointer(rebasing: bytes[..<ParameterSet.seedByteCount])
            Sampling.expandMatrix(seed: seed, parameters: parameters, kernel: kernel) { row, column in
                elements[row * columnCount + column]
            }
            for row in 0..<parameters.k {
                let t1 = elements[row * columnCount + parameters.l]
                let offset = ParameterSet.seedByteCount + row * ParameterSet.roundedKeyByteCount
                BitPacking.unpackRoundedKey(address + offset, into: t1)
                for j in 0..<Ring.degree { t1[j] = t1[j] &<< Int32(ParameterSet.d) }
                kernel.transform(t1)
                for j in 0..<Ring.degree { t1[j] = 0 &- Ring.reduce(t1[j]) }
            }
        }
    }

    /// The polynomials of a row: l of A, and -NTT(t1·2^d).
    func row(_ index: Int) -> UnsafePointer<Int32> {
        UnsafePointer(elements[index * columnCount])
    }
}
