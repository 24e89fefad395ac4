/// The numbers of an ML-DSA parameter set (FIPS 204, tables 1 and 2).
struct Parameters: Sendable {
    let k: Int
    let l: Int
    let omega: Int
    let gamma1: Int
    let beta: Int
    let challengeByteCount: Int
    let gamma2: Int
    let commitmentBitCount: Int
    let maskBitCount: Int

    static let mlDSA44 = Parameters(
        k: 4,
        l: 4,
        omega: 80,
        gamma1: 1 << 17,
        beta: 78,
        challengeByteCount: 32,
        gamma2: 95_232,
        commitmentBitCount: 6,
        maskBitCount: 18
    )

    static let mlDSA65 = Parameters(
        k: 6,
        l: 5,
        omega: 55,
        gamma1: 1 << 19,
        beta: 196,
        challengeByteCount: 48,
        gamma2: 261_888,
        commitmentBitCount: 4,
        maskBitCount: 20
    )

    var hintByteCount: Int { omega + k }

    /// A signature from its parts (algorithm 26); the hint is packed already.
    func signature(challengeHash: [UInt8], response: [Int], hint: [UInt8]) -> [UInt8] {
        challengeHash + Bits.pack(response.map { gamma1 - $0 }, bitCount: maskBitCount) + hint
    }
}
