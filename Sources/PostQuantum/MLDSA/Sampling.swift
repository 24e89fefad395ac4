/// The sampling of polynomials from seeds (FIPS 204, section 7.3).
enum Sampling {
    /// The matrix A of the transform's domain (FIPS 204, algorithms 30 `RejNTTPoly` and 32 `ExpandA`).
    ///
    /// - Parameters:
    ///   - seed: ρ, 32 bytes, public.
    ///   - parameters: the parameter set.
    ///   - kernel: the kernel.
    ///   - element: where the polynomial of a row and a column goes; in [0, q).
    static func expandMatrix(
        seed: UnsafeRawBufferPointer,
        parameters: ParameterSet,
        kernel: LatticeKernel,
        element: (_ row: Int, _ column: Int) -> Coefficients
    ) {
        let count = parameters.k * parameters.l
        sample(.shake128, seed: seed, count: count, kernel: kernel) { index in
            (UInt8(index % parameters.l), UInt8(index / parameters.l))
        } polynomial: { index in
            element(index / parameters.l, index % parameters.l)
        } accept: { block, polynomial, filled in
            acceptUniform(block, polynomial, filled)
        }
    }

    /// The secrets s1 and s2 (FIPS 204, algorithms 31 `RejBoundedPoly` and 33 `ExpandS`).
    ///
    /// - Parameters:
    ///   - seed: ρ′, 64 bytes, secret.
    ///   - parameters: the parameter set.
    ///   - kernel: the kernel.
    ///   - secrets: where the l polynomials of s1 and then the k of s2 go; in [-η, η].
    static func expandSecrets(
        seed: UnsafeRawBufferPointer,
        parameters: ParameterSet,
        kernel: LatticeKernel,
        secrets: borrowing PolynomialVector
    ) {
        let first = secrets[0]
        sample(.shake256, seed: seed, count: parameters.l + parameters.k, kernel: kernel) { index in
            (UInt8(index), 0)
        } polynomial: { index in
            first + index * Ring.degree
        } accept: { block, polynomial, filled in
            acceptBounded(block, polynomial, filled, eta: parameters.eta)
        }
    }

    /// The challenge c, with τ coefficients that are 1 or -1 and the others zero (FIPS 204, algorithm 29 `SampleInBall`).
    ///
    /// It branches on its input, which is public.
    static func challenge(
        _ commitmentHash: UnsafeRawBufferPointer,
        parameters: ParameterSet,
        kernel: LatticeKernel,
        into challenge: Coefficients
    ) {
        challenge.update(repeating: 0, count: Ring.degree)
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(commitmentHash)
        withUnsafeTemporaryAllocation(byteCount: ExtendableOutputFunction.shake256.rate, alignment: 8) { block in
            sponge.squeeze(into: block)
            var signs = block.load(as: UInt64.self)
            var position = 8
            for index in Ring.degree - parameters.tau..<Ring.degree {
                var place: Int
                repeat {
                    if position == block.count {
                        sponge.squeeze(into: block)
                        position = 0
                    }
                    place = Int(block[position])
                    position += 1
                } while place > index
                challenge[index] = challenge[place]
                challenge[place] = 1 - 2 * Int32(signs & 1)
                signs >>= 1
            }
        }
    }

    /// Expands one seed to many polynomials by rejection, as many at once as the kernel is wide.
    ///
    /// - Parameters:
    ///   - function: the function that expands.
    ///   - seed: what all polynomials have in common.
    ///   - count: the number of polynomials.
    ///   - kernel: the kernel.
    ///   - suffix: the two bytes that follow the seed for one polynomial.
    ///   - polynomial: where one goes.
    ///   - accept: takes coefficients from a block, and returns how many the polynomial then has.
    @inline(__always)
    private static func sample(
        _ function: ExtendableOutputFunction,
        seed: UnsafeRawBufferPointer,
        count: Int,
        kernel: LatticeKernel,
        suffix: (Int) -> (UInt8, UInt8),
        polynomial: (Int) -> Coefficients,
        accept: (UnsafeMutableRawBufferPointer, Coefficients, Int) -> Int
    ) {
        let sponge = ParallelSponge(function, kernel: kernel)
        withUnsafeTemporaryAllocation(byteCount: function.rate, alignment: 8) { block in
            guard let address = block.baseAddress else { return }
            for first in stride(from: 0, to: count, by: sponge.width) {
                let members = first..<min(first + sponge.width, count)
                for member in members { sponge.start(run: member - first, seed: seed, suffix: suffix(member)) }
                var filled = InlineArray<16, Int>(repeating: 0)
                var unfinished = members.count
                while unfinished > 0 {
                    sponge.advance()
                    for member in members where filled[member - first] < Ring.degree {
                        sponge.copyBlock(of: member - first, to: address)
                        filled[member - first] = accept(block, polynomial(member), filled[member - first])
                        if filled[member - first] == Ring.degree { unfinished -= 1 }
                    }
                }
            }
            wipe(block)
        }
    }

    /// Takes residues from a block, three bytes each, leaving out those that are not below q (FIPS 204, algorithm 14).
    @inline(__always)
    private static func acceptUniform(
        _ block: UnsafeMutableRawBufferPointer,
        _ polynomial: Coefficients,
        _ filled: Int
    ) -> Int {
        var filled = filled
        var offset = 0
        while offset < block.count, filled < Ring.degree {
            let low = Int32(block[offset]) | Int32(block[offset + 1]) << 8
            let value = low | Int32(block[offset + 2] & 0x7f) << 16
            polynomial[filled] = value
            filled += value < Ring.modulus ? 1 : 0
            offset += 3
        }
        return filled
    }

    /// Takes small numbers from a block, four bits each, leaving out those that are too great (FIPS 204, algorithm 15).
    ///
    /// Which half bytes are left out shows in the time, as in every implementation by rejection. They are independent of
    /// those that stay, and so tell nothing of them.
    @inline(__always)
    private static func acceptBounded(
        _ block: UnsafeMutableRawBufferPointer,
        _ polynomial: Coefficients,
        _ filled: Int,
        eta: Int32
    ) -> Int {
        var filled = filled
        for byte in block {
            for shift: UInt8 in [0, 4] where filled < Ring.degree {
                let half = Int32(byte >> shift & 15)
                // For η = 2 the numbers 0 to 14 are taken modulo 5, for η = 4 those from 0 to 8 as they are.
                var isAccepted = (half &- (eta == 2 ? 15 : 9)) &>> 31 & 1
                // Public: it tells of this half byte if it is left out, and of one that stays only that it stays.
                markPublic(&isAccepted, byteCount: MemoryLayout<Int32>.size)
                let residue = eta == 2 ? half &- ((half &* 205) &>> 10) &* 5 : half
                polynomial[filled] = eta &- residue
                filled += Int(isAccepted)
            }
        }
        return filled
    }
}
