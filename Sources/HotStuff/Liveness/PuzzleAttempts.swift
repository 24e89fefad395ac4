internal import BLAKE3

/// The search for the solution of a puzzle: a value that holds the hash of the puzzle, so that each try is one more hash.
public struct PuzzleAttempts: Sendable {
    /// How many numbers are tried together: enough to fill all lanes many times, and few enough to stop soon.
    public static let batchCount = 512

    private let difficulty: Int
    /// The inputs of a batch, one after another: tag, hash of the puzzle, and the number in the last eight bytes.
    private var inputs: [UInt8]
    private static let inputByteCount = 56

    init(at puzzle: Puzzle) {
        difficulty = Int(puzzle.difficulty)
        var encoder = BorshEncoder(capacity: Self.inputByteCount)
        encoder.appendRaw(Domain.nonce.rawValue)
        encoder.append(Domain.puzzle.digest(of: puzzle))
        encoder.append(UInt64(0))
        inputs = encoder.bytes
    }

    /// Whether a number is a solution.
    public func isSolved(by nonce: UInt64) -> Bool {
        var input = Array(inputs.prefix(Self.inputByteCount))
        input.withUnsafeMutableBytes { Self.write(nonce, at: 0, into: $0) }
        return isSolved(Digest.hash(of: input))
    }

    /// The first solution among `batchCount` numbers from one on, or none; behind the highest number zero follows.
    ///
    /// Complexity: as many hashes, side by side.
    public mutating func solution(from first: UInt64) -> UInt64? {
        if inputs.count == Self.inputByteCount {
            let input = inputs
            inputs.reserveCapacity(Self.inputByteCount * Self.batchCount)
            for _ in 1..<Self.batchCount { inputs += input }
        }
        let digests = inputs.withUnsafeMutableBytes { buffer in
            for place in 0..<Self.batchCount { Self.write(first &+ UInt64(place), at: place, into: buffer) }
            let bytes = UnsafeRawBufferPointer(buffer)
            return BLAKE3.hashes(
                of: (0..<Self.batchCount).map { place in
                    let start = place * Self.inputByteCount
                    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.inputByteCount])
                }
            )
        }
        guard let place = digests.firstIndex(where: { isSolved(Digest($0)) }) else { return nil }
        return first &+ UInt64(place)
    }

    private static func write(_ nonce: UInt64, at place: Int, into buffer: UnsafeMutableRawBufferPointer) {
        let end = (place + 1) * inputByteCount
        buffer.storeBytes(of: nonce.littleEndian, toByteOffset: end - 8, as: UInt64.self)
    }

    /// Whether a digest begins with enough zero bits, the first byte's highest bit being the first.
    private func isSolved(_ digest: Digest) -> Bool { digest.leadingZeroBitCount >= difficulty }
}
