/// A public key whose t1 is zero, under which anybody can sign: a signature's commitment is A·z and its hint, no more.
///
/// Computed as FIPS 204 writes it down, slowly.
struct OpenKey: Sendable {
    let bytes: [UInt8]
    private let parameters: Parameters
    private let matrix: [[Polynomial]]
    private let keyHash: [UInt8]

    /// Expands a seed ρ of 32 bytes (algorithm 32).
    init(seed: [UInt8], _ parameters: Parameters) {
        self.parameters = parameters
        bytes = seed + [UInt8](repeating: 0, count: 320 * parameters.k)
        matrix = (0..<parameters.k).map { row in
            (0..<parameters.l).map { column in Self.sample(seed + [UInt8(column), UInt8(row)]) }
        }
        keyHash = Keccak.shake256(bytes, count: 64)
    }

    /// Algorithm 30, `RejNTTPoly`; 2,016 bytes hold 672 candidates, of which one in a thousand is not taken.
    private static func sample(_ seed: [UInt8]) -> Polynomial {
        let stream = Keccak.shake128(seed, count: 2_016)
        let candidates = stride(from: 0, to: stream.count, by: 3).map { i in
            Int(stream[i]) | Int(stream[i + 1]) << 8 | Int(stream[i + 2] & 0x7F) << 16
        }
        return Polynomial(Array(candidates.filter { $0 < Polynomial.q }.prefix(256)))
    }

    /// The challenge c̃ that fits a message without context and the rest of a signature, whether or not that is allowed
    /// (algorithm 8).
    func challengeHash(for message: [UInt8], response: [Int], hint: Hint) -> [UInt8] {
        let z = (0..<parameters.l).map { Polynomial(Array(response[($0 * 256)..<($0 * 256 + 256)])).transformed }
        let commitment = (0..<parameters.k).flatMap { row in
            let products = zip(matrix[row], z).map { $0 * $1 }
            let w = products.dropFirst().reduce(products[0]) { $0 + $1 }.transformedBack.coefficients
            let high = w.indices.map { useHint(w[$0], isSet: hint.rows[row].contains($0)) }
            return Bits.pack(high, bitCount: parameters.commitmentBitCount)
        }
        let representative = Keccak.shake256(keyHash + [0, 0] + message, count: 64)
        return Keccak.shake256(representative + commitment, count: parameters.challengeByteCount)
    }

    /// Algorithm 40, `UseHint`, on algorithm 36, `Decompose`.
    private func useHint(_ r: Int, isSet: Bool) -> Int {
        let alpha = 2 * parameters.gamma2
        var low = r % alpha
        if low > parameters.gamma2 { low -= alpha }
        var high = (r - low) / alpha
        if r - low == Polynomial.q - 1 { (high, low) = (0, low - 1) }
        let count = (Polynomial.q - 1) / alpha
        guard isSet else { return high }
        return low > 0 ? (high + 1) % count : (high - 1 + count) % count
    }
}
