#if arch(x86_64)
/// The powers of the root of unity in the order in which the loops over vectors use them.
///
/// The 256 coefficients are squares of `lanes` vectors with `lanes` coefficients each. A layer that pairs different vectors
/// multiplies whole vectors by one power. The last layers, run on transposed squares, need one power for each lane.
/// Every power is there twice: in Montgomery form, and that times q^-1 modulo 2^32.
enum TwiddleTable {
    /// The table for vectors of some lanes, 8 or 16.
    ///
    /// - Parameters:
    ///   - powers: the powers of the root, or of its inverse, by the index m of FIPS 204.
    ///   - lanes: the number of coefficients in a vector.
    ///   - factor: what the loop multiplies with at its end, if it does.
    /// - Returns: the single powers from m = 1 on, with the factor in place 0, and behind them the vectors.
    static func make(powers: [Int32], lanes: Int, factor: Int32) -> [Int32] {
        let vectorCount = Ring.degree / lanes
        let forms = powers.map(Ring.montgomeryForm)
        var table = withScaled([factor] + forms[1..<vectorCount])
        for square in 0..<vectorCount / lanes {
            for layer in 0..<lanes.trailingZeroBitCount {
                for group in 0..<1 << layer {
                    let first = vectorCount << layer
                    table += withScaled(
                        (0..<lanes).map { lane in
                            forms[first + ((square * lanes + lane) << layer) + group]
                        }
                    )
                }
            }
        }
        return table
    }

    /// Some numbers, and the same times q^-1 modulo 2^32.
    private static func withScaled(_ numbers: [Int32]) -> [Int32] {
        numbers + numbers.map { $0 &* Ring.inverseModulus }
    }
}
#endif
