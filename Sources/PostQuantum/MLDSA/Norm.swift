/// The infinity norm of polynomials (FIPS 204, section 2.3).
enum Norm {
    /// Whether all coefficients are below a bound in absolute value.
    ///
    /// It looks at all of them, whatever they are: only the answer depends on them.
    ///
    /// - Parameters:
    ///   - bound: greater than zero.
    ///   - polynomial: 256 centred coefficients.
    /// - Returns: whether the norm is below the bound.
    static func isBelow(_ bound: Int32, _ polynomial: UnsafePointer<Int32>) -> Bool {
        var excess: Int32 = 0
        for j in 0..<Ring.degree {
            let sign = polynomial[j] &>> 31
            let magnitude = (polynomial[j] ^ sign) &- sign
            excess |= bound &- 1 &- magnitude
        }
        // Public: that an attempt is rejected, or a signature not valid, tells nothing of what a key holds.
        markPublic(&excess, byteCount: MemoryLayout<Int32>.size)
        return excess >= 0
    }
}
