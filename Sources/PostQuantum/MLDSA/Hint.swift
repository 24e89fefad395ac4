/// The hint of a signature: which coefficients of w1 a verifier corrects (FIPS 204, sections 6.2 and 7.1).
///
/// The packed form lists, polynomial by polynomial, the places of the ones, in ω bytes; k more bytes say where the list of
/// each polynomial ends.
struct PackedHint {
    private let bytes: UnsafeRawBufferPointer
    private let omega: Int

    /// Reads a packed hint, or nothing unless it is the canonical form (FIPS 204, algorithm 21 `HintBitUnpack`).
    ///
    /// Without these checks one signature would have many forms.
    ///
    /// - Parameters:
    ///   - bytes: ω + k bytes, which stay alive as long as the hint.
    ///   - parameters: the parameter set.
    init?(_ bytes: UnsafeRawBufferPointer, parameters: ParameterSet) {
        precondition(bytes.count == parameters.hintByteCount, "a hint of \(bytes.count) bytes")
        self.bytes = bytes
        omega = parameters.omega
        var start = 0
        for row in 0..<parameters.k {
            let end = Int(bytes[omega + row])
            guard end >= start, end <= omega else { return nil }
            for index in start..<end where index > start {
                guard bytes[index - 1] < bytes[index] else { return nil }
            }
            start = end
        }
        guard bytes[start..<omega].allSatisfy({ $0 == 0 }) else { return nil }
    }

    /// The places of the ones in a polynomial of the hint, in increasing order.
    func places(inRow row: Int) -> Slice<UnsafeRawBufferPointer> {
        bytes[(row == 0 ? 0 : Int(bytes[omega + row - 1]))..<Int(bytes[omega + row])]
    }

    /// Packs a hint with at most ω ones (FIPS 204, algorithm 20 `HintBitPack`).
    ///
    /// - Parameters:
    ///   - hint: k polynomials of zeros and ones; they are part of a signature and so public.
    ///   - parameters: the parameter set.
    ///   - bytes: where ω + k bytes go, all of them zero before.
    static func pack(
        _ hint: borrowing PolynomialVector,
        parameters: ParameterSet,
        to bytes: UnsafeMutableRawBufferPointer
    ) {
        var count = 0
        var ends = InlineArray<8, UInt8>(repeating: 0)
        // Every place is written, and stays if it is that of a one: a branch for each would be guessed wrong too often. Where the
        // list is full they go to the byte behind it, which belongs to the ends.
        for row in 0..<parameters.k {
            let polynomial = hint[row]
            for place in 0..<Ring.degree {
                bytes[count] = UInt8(truncatingIfNeeded: place)
                count &+= Int(polynomial[place])
            }
            ends[row] = UInt8(count)
        }
        bytes[count] = 0
        for row in 0..<parameters.k { bytes[parameters.omega + row] = ends[row] }
    }
}
