/// The infinity norm of polynomials (FIPS 204, section 2.3), in plain Swift.
///
/// It looks at all coefficients, whatever they are: what is left below a bound is put together of all, and only its sign is looked at.
enum Norm {
    /// Whether an attempt that left so much room, or a signature, is kept: if the number is not negative.
    @inline(__always)
    static func isKept(_ room: Int32) -> Bool {
        var room = room
        // Public: that an attempt is rejected, or a signature not valid, tells nothing of what a key holds.
        markPublic(&room, byteCount: MemoryLayout<Int32>.size)
        return room >= 0
    }

    /// Negative if a coefficient is not below a bound, which is greater than zero, in absolute value.
    @inline(__always)
    static func room(of coefficient: Int32, below bound: Int32) -> Int32 {
        let sign = coefficient &>> 31
        return bound &- 1 &- ((coefficient ^ sign) &- sign)
    }

    /// Negative if one of 256 centred coefficients is not below the bound in absolute value.
    @inline(never)
    static func room(of polynomial: UnsafePointer<Int32>, below bound: Int32) -> Int32 {
        var room: Int32 = 0
        for j in 0..<Ring.degree { room |= Norm.room(of: polynomial[j], below: bound) }
        return room
    }

    /// Adds a polynomial to another and centres the sums; negative if one is not below the bound in absolute value.
    @inline(never)
    static func add(_ product: UnsafePointer<Int32>, to coefficients: Coefficients, bound: Int32) -> Int32 {
        var room: Int32 = 0
        for j in 0..<Ring.degree {
            coefficients[j] = Ring.reduce(coefficients[j] &+ product[j])
            room |= Norm.room(of: coefficients[j], below: bound)
        }
        return room
    }
}
