/// What a header shows where whoever solves a puzzle may lead: how difficult the puzzle was, and its solution.
public struct Work: Hashable, Sendable {
    /// How many bits of the solution's digest are zero, from the first one on; zero where no proof is wanted.
    public let difficulty: UInt8
    /// The solution.
    public let nonce: UInt64

    /// Creates what a header shows; whether it is a solution is for the puzzle to say.
    public init(difficulty: UInt8, nonce: UInt64) {
        self.difficulty = difficulty
        self.nonce = nonce
    }

    /// What a header shows where no proof is wanted.
    public static let none = Work(difficulty: 0, nonce: 0)
}

extension Work: BorshCodable {
    /// Nine bytes, always.
    public static var minimumEncodedSize: Int { 9 }

    /// Appends difficulty and nonce.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(difficulty)
        encoder.append(nonce)
    }

    /// Reads difficulty and nonce.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        difficulty = try decoder.readUInt8()
        nonce = try decoder.readUInt64()
    }
}
