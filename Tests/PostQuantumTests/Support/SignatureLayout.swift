import PostQuantum

/// Where the parts of a signature lie, written down from FIPS 204 (tables 1 and 2, algorithm 26) and not from our code.
struct SignatureLayout {
    let challengeByteCount: Int
    let rows: Int
    let columns: Int
    let omega: Int
    let coefficientBitCount: Int
    let beta: Int

    init(of scheme: SignatureScheme) {
        switch scheme {
        case .mlDSA44:
            (challengeByteCount, rows, columns, omega, coefficientBitCount, beta) = (32, 4, 4, 80, 18, 78)
        case .mlDSA65:
            (challengeByteCount, rows, columns, omega, coefficientBitCount, beta) = (48, 6, 5, 55, 20, 196)
        }
    }

    /// The bound gamma_1 of the mask.
    var maskBound: Int { 1 << (coefficientBitCount - 1) }

    /// The least absolute value that a coefficient of z may not have, gamma_1 - beta.
    var limit: Int { maskBound - beta }

    var challenge: Range<Int> { 0..<challengeByteCount }
    var response: Range<Int> { challenge.upperBound..<challenge.upperBound + columns * 32 * coefficientBitCount }
    var hintIndices: Range<Int> { response.upperBound..<response.upperBound + omega }
    var hintCounts: Range<Int> { hintIndices.upperBound..<hintIndices.upperBound + rows }
    var byteCount: Int { hintCounts.upperBound }

    /// The bytes of one polynomial of z.
    func polynomial(_ column: Int) -> Range<Int> {
        let start = response.lowerBound + column * 32 * coefficientBitCount
        return start..<start + 32 * coefficientBitCount
    }

    /// A signature in which one coefficient of z, of all those in a row, is another; coded as gamma_1 - value.
    func setting(coefficient index: Int, to value: Int, in signature: [UInt8]) -> [UInt8] {
        var altered = signature
        let code = maskBound - value
        for bit in 0..<coefficientBitCount {
            let position = index * coefficientBitCount + bit
            let byte = response.lowerBound + position / 8
            let mask = UInt8(1) << UInt8(position % 8)
            altered[byte] = code >> bit & 1 == 1 ? altered[byte] | mask : altered[byte] & ~mask
        }
        return altered
    }
}
