/// A public key in the plainest form: ML-DSA verification as FIPS 204 writes it down, slowly.
struct ReferenceKey: Sendable {
    let bytes: [UInt8]
    let parameters: Parameters
    private let matrix: [[Polynomial]]
    private let t1: [Polynomial]
    private let keyHash: [UInt8]

    /// Expands a key of the right length (algorithms 23 and 32).
    init(_ bytes: [UInt8], _ parameters: Parameters) {
        precondition(bytes.count == parameters.keyByteCount, "a key of \(bytes.count) bytes")
        self.bytes = bytes
        self.parameters = parameters
        let seed = Array(bytes[..<32])
        matrix = (0..<parameters.k).map { row in
            (0..<parameters.l).map { column in Self.sample(seed + [UInt8(column), UInt8(row)]) }
        }
        t1 = (0..<parameters.k).map { row in
            let packed = bytes[(32 + 320 * row)..<(32 + 320 * (row + 1))]
            return Polynomial(Bits.unpack(packed, bitCount: 10).map { $0 << 13 }).transformed
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

    /// The message representative μ (algorithm 3 and line 7 of algorithm 8); the context has at most 255 bytes.
    func representative(of message: [UInt8], context: [UInt8]) -> [UInt8] {
        Keccak.shake256(keyHash + [0, UInt8(context.count)] + context + message, count: 64)
    }

    /// Whether a signature of any length is valid (algorithm 8).
    func isValid(_ signature: [UInt8], for representative: [UInt8]) -> Bool {
        guard signature.count == parameters.signatureByteCount else { return false }
        let challengeHash = Array(signature[..<parameters.challengeByteCount])
        let responseEnd = parameters.challengeByteCount + parameters.responseByteCount
        let packed = signature[parameters.challengeByteCount..<responseEnd]
        let response = Bits.unpack(packed, bitCount: parameters.maskBitCount).map { parameters.gamma1 - $0 }
        guard response.allSatisfy({ abs($0) < parameters.gamma1 - parameters.beta }) else { return false }
        guard let hint = Hint(Array(signature[responseEnd...]), parameters), hint.isCanonical else { return false }
        let expected = commitmentHash(representative, challengeHash: challengeHash, response: response, hint: hint)
        return expected == challengeHash
    }

    /// c̃′ of algorithm 8, whether or not response and hint would be accepted.
    func commitmentHash(
        _ representative: [UInt8],
        challengeHash: [UInt8],
        response: [Int],
        hint: Hint
    ) -> [UInt8] {
        let c = Self.challenge(challengeHash, tau: parameters.tau).transformed
        let z = (0..<parameters.l).map { Polynomial(Array(response[($0 * 256)..<($0 * 256 + 256)])).transformed }
        let packed = (0..<parameters.k).flatMap { row in
            let product = zip(matrix[row], z).reduce(Polynomial([Int](repeating: 0, count: 256))) { $0 + $1.0 * $1.1 }
            let w = (product - c * t1[row]).transformedBack.coefficients
            let high = w.indices.map { useHint(w[$0], isSet: hint.rows[row].contains($0)) }
            return Bits.pack(high, bitCount: parameters.commitmentBitCount)
        }
        return Keccak.shake256(representative + packed, count: parameters.challengeByteCount)
    }

    /// Algorithm 29, `SampleInBall`; 1,096 bytes hold more than enough places.
    private static func challenge(_ seed: [UInt8], tau: Int) -> Polynomial {
        let stream = Keccak.shake256(seed, count: 1_096)
        var (c, next) = ([Int](repeating: 0, count: 256), 8)
        for (count, i) in (256 - tau..<256).enumerated() {
            while Int(stream[next]) > i { next += 1 }
            let j = Int(stream[next])
            next += 1
            c[i] = c[j]
            c[j] = stream[count / 8] >> UInt8(count % 8) & 1 == 1 ? -1 : 1
        }
        return Polynomial(c)
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

extension Parameters {
    /// A signature from its parts (algorithm 26); the hint is packed already.
    func signature(challengeHash: [UInt8], response: [Int], hint: [UInt8]) -> [UInt8] {
        challengeHash + Bits.pack(response.map { gamma1 - $0 }, bitCount: maskBitCount) + hint
    }
}
