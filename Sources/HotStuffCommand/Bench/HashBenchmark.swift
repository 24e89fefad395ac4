import BLAKE3
import Crypto
import Kernels

/// What hashing costs, BLAKE3 with each kernel against SHA-256 of swift-crypto.
struct HashBenchmark: Sendable {
    /// The speed of one hash over inputs of one length.
    struct Row: Equatable, Sendable {
        /// `blake3` one input after the other, `blake3-many` many inputs at once, or `sha-256`.
        let algorithm: String
        /// The kernel, or `swift-crypto`.
        let kernel: String
        /// The length of an input.
        let bytes: Int
        /// The speed: bytes of input in a nanosecond.
        let gigabytesPerSecond: Double
    }

    /// What the others are compared with.
    static let reference = "sha-256"
    /// The lengths: a digest or two, a small command, a chunk, and long inputs.
    static let byteCounts = [64, 200, 1_024, 8_192, 65_536, 1_048_576]
    /// The longest inputs of which many are hashed at once.
    private static let manyMaximum = 1_024
    /// How many are hashed at once.
    private static let manyCount = 64

    /// Measures all of them, in turns for each length.
    ///
    /// - Parameters:
    ///   - stopwatch: measures.
    ///   - didRound: called after each length with what was measured.
    /// - Returns: for each length a row for each kernel and SHA-256 last.
    /// - Throws: nothing that the candidates do not throw.
    func run(_ stopwatch: Stopwatch, didRound: (String) -> Void) throws -> [Row] {
        var rows: [Row] = []
        for byteCount in Self.byteCounts {
            let input = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount * Self.manyCount, alignment: 64)
            defer { input.deallocate() }
            for index in input.indices { input[index] = UInt8(truncatingIfNeeded: index &* 31) }
            let inputs = (0..<Self.manyCount).map {
                UnsafeRawBufferPointer(rebasing: input[$0 * byteCount..<($0 + 1) * byteCount])
            }
            let first = inputs[0]
            var names: [(String, String, Int)] = []
            var candidates: [Stopwatch.Candidate] = []
            for kernel in KernelChoice.allowed {
                names.append(("blake3", kernel.rawValue, 1))
                candidates.append(
                    .init { count in
                        for _ in 0..<count { consume(BLAKE3.hash(first, kernel: kernel)) }
                    }
                )
            }
            for kernel in KernelChoice.allowed where byteCount <= Self.manyMaximum {
                names.append(("blake3-many", kernel.rawValue, Self.manyCount))
                candidates.append(
                    .init { count in
                        for _ in 0..<count { consume(BLAKE3.hashes(of: inputs, kernel: kernel)) }
                    }
                )
            }
            names.append((Self.reference, "swift-crypto", 1))
            candidates.append(
                .init { count in
                    for _ in 0..<count {
                        var hasher = SHA256()
                        hasher.update(bufferPointer: first)
                        consume(hasher.finalize())
                    }
                }
            )
            let times = try stopwatch.medianMicroseconds(candidates)
            rows += zip(names, times).map { name, microseconds in
                Row(
                    algorithm: name.0,
                    kernel: name.1,
                    bytes: byteCount,
                    gigabytesPerSecond: Double(byteCount * name.2) / (microseconds * 1_000)
                )
            }
            didRound("hash \(Figures.count(byteCount)) bytes")
        }
        return rows
    }
}
