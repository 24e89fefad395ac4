/// SHAKE of FIPS 202, a bit slower than it could be and a bit easier to read.
enum Keccak {
    /// SHAKE128 of an input.
    static func shake128(_ input: [UInt8], count: Int) -> [UInt8] { sponge(input, rate: 168, count: count) }

    /// SHAKE256 of an input; H of FIPS 204.
    static func shake256(_ input: [UInt8], count: Int) -> [UInt8] { sponge(input, rate: 136, count: count) }

    private static func sponge(_ input: [UInt8], rate: Int, count: Int) -> [UInt8] {
        var padded = input + [0x1F]
        padded += [UInt8](repeating: 0, count: (rate - padded.count % rate) % rate)
        padded[padded.count - 1] |= 0x80
        var state = [UInt64](repeating: 0, count: 25)
        for block in stride(from: 0, to: padded.count, by: rate) {
            for i in 0..<rate { state[i / 8] ^= UInt64(padded[block + i]) << UInt64(i % 8 * 8) }
            permute(&state)
        }
        var output: [UInt8] = []
        while true {
            for i in 0..<rate {
                if output.count == count { return output }
                output.append(UInt8(truncatingIfNeeded: state[i / 8] >> UInt64(i % 8 * 8)))
            }
            permute(&state)
        }
    }

    /// Keccak-f[1600] (FIPS 202, section 3.3); lane (x, y) is at x + 5 y.
    private static func permute(_ a: inout [UInt64]) {
        var register: UInt8 = 1
        for _ in 0..<24 {
            // θ
            let c = (0..<5).map { x in (0..<5).reduce(0) { $0 ^ a[x + 5 * $1] } }
            for i in 0..<25 { a[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1) }
            // ρ and π, along the path of (x, y) to (y, 2x + 3y)
            var (x, y, lane) = (1, 0, a[1])
            for t in 0..<24 {
                (x, y) = (y, (2 * x + 3 * y) % 5)
                let moved = rotate(lane, (t + 1) * (t + 2) / 2 % 64)
                lane = a[x + 5 * y]
                a[x + 5 * y] = moved
            }
            // χ
            for row in stride(from: 0, to: 25, by: 5) {
                let b = Array(a[row..<row + 5])
                for i in 0..<5 { a[row + i] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5]) }
            }
            // ι, with the constants of the shift register
            for j in 0..<7 {
                if register & 1 == 1 { a[0] ^= 1 << ((1 << UInt64(j)) - 1) }
                register = register & 0x80 == 0 ? register << 1 : (register << 1) ^ 0x71
            }
        }
    }

    private static func rotate(_ word: UInt64, _ count: Int) -> UInt64 {
        count == 0 ? word : word << UInt64(count) | word >> UInt64(64 - count)
    }
}
