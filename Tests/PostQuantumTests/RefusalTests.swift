import PostQuantum
import Testing

/// Every way to be no signature, each refused by every implementation; the signature that is altered is the listed one.
@Suite("What is refused as an ML-DSA signature")
struct RefusalTests {
    /// A valid signature with all that belongs to it.
    private struct Sample {
        let layout: SignatureLayout
        let key: [UInt8]
        let strangersKey: [UInt8]
        let message: [UInt8]
        let context: [UInt8]
        let signature: [UInt8]

        init(_ scheme: SignatureScheme) throws {
            let set = try #require(try MLDSAVectors.parameterSet(of: scheme))
            layout = SignatureLayout(of: scheme)
            key = set.publicKeys[0].bytes
            strangersKey = set.publicKeys[1].bytes
            message = set.whole.message.bytes
            context = set.whole.context.bytes
            signature = set.whole.signature.bytes
            #expect(layout.byteCount == signature.count)
            #expect(layout.byteCount == scheme.signatureByteCount)
        }

        /// The hints' counts after each polynomial.
        var counts: [Int] { signature[layout.hintCounts].map { Int($0) } }

        func replacing(_ position: Int, by byte: UInt8) -> [UInt8] {
            var altered = signature
            altered[position] = byte
            return altered
        }

        func flipping(_ position: Int) -> [UInt8] {
            replacing(position, by: signature[position] ^ 1 << UInt8(position % 8))
        }
    }

    /// Checks that the sample is accepted and none of its alterations.
    private func expectRefusal(
        _ pairing: Pairing,
        of alterations: (Sample) -> [(name: String, signature: [UInt8])]
    ) throws {
        let sample = try Sample(pairing.scheme)
        let verifier = try pairing.makeVerifier(key: sample.key)
        #expect(verifier.isValid(sample.signature, for: sample.message, context: sample.context))
        let altered = alterations(sample)
        #expect(!altered.isEmpty)
        for (name, signature) in altered {
            #expect(signature != sample.signature, "\(name)")
            #expect(!verifier.isValid(signature, for: sample.message, context: sample.context), "\(name)")
        }
    }

    @Test("a bit flipped in any byte of the challenge", arguments: Pairing.all)
    func challenge(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            sample.layout.challenge.map { ("byte \($0)", sample.flipping($0)) }
        }
    }

    @Test("a bit flipped in any polynomial of the response", arguments: Pairing.all)
    func response(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            (0..<sample.layout.columns).flatMap { column in
                let range = sample.layout.polynomial(column)
                let positions = stride(from: range.lowerBound + column, to: range.upperBound, by: 149)
                return (positions.map { $0 } + [range.upperBound - 1]).map { ("byte \($0)", sample.flipping($0)) }
            }
        }
    }

    @Test("a bit flipped in any byte of the hint", arguments: Pairing.all)
    func hint(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            (sample.layout.hintIndices.lowerBound..<sample.layout.byteCount).map { ("byte \($0)", sample.flipping($0)) }
        }
    }

    @Test("a coefficient of the response at its bound or beyond", arguments: Pairing.all)
    func range(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let layout = sample.layout
            let (limit, maskBound) = (layout.limit, layout.maskBound)
            let last = layout.columns * 256 - 1
            return [0, 1, 7, 255, 256, 700, last - 8, last].flatMap { index in
                [limit, -limit, limit + 1, -limit - 1, maskBound - 1, maskBound, 1 - maskBound].map { value in
                    (
                        "coefficient \(index) is \(value)",
                        layout.setting(coefficient: index, to: value, in: sample.signature)
                    )
                }
            }
        }
    }

    @Test("hints of one polynomial out of order", arguments: Pairing.all)
    func hintOrder(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let start = sample.layout.hintIndices.lowerBound
            let ends = [0] + sample.counts
            return zip(ends, sample.counts).flatMap { from, to in
                (from..<max(from, to - 1)).map { first in
                    var altered = sample.signature
                    altered.swapAt(start + first, start + first + 1)
                    return ("hints \(first) and the next swapped", altered)
                }
            }
        }
    }

    @Test("a hint twice", arguments: Pairing.all)
    func hintRepeated(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let start = sample.layout.hintIndices.lowerBound
            let used = sample.counts[sample.counts.count - 1]
            let ends = [0] + sample.counts
            var alterations = zip(ends, sample.counts).flatMap { from, to in
                (from..<max(from, to - 1)).map { first in
                    ("hint \(first) twice", sample.replacing(start + first + 1, by: sample.signature[start + first]))
                }
            }
            // The set of hints stays the same: only the order rule speaks against this one.
            var altered = sample.replacing(start + used, by: sample.signature[start + used - 1])
            altered[altered.count - 1] += 1
            alterations.append(("the last hint once more", altered))
            return alterations
        }
    }

    @Test("anything but zeros behind the last hint", arguments: Pairing.all)
    func hintPadding(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let start = sample.layout.hintIndices.lowerBound
            let used = sample.counts[sample.counts.count - 1]
            return (start + used..<sample.layout.hintIndices.upperBound).flatMap { position in
                [1, 0x80, 0xFF].map { ("byte \(position) is \($0)", sample.replacing(position, by: $0)) }
            }
        }
    }

    @Test("counts of hints that go back, exceed omega, or leave hints out", arguments: Pairing.all)
    func hintCounts(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let counts = sample.counts
            return sample.layout.hintCounts.enumerated().flatMap { row, position in
                let before = row == 0 ? 0 : counts[row - 1]
                let wrong = [before - 1, 0, counts[row] - 1, counts[row] + 1, sample.layout.omega + 1, 0x80, 0xFF]
                return wrong.filter { (0...0xFF).contains($0) && $0 != counts[row] }.map { count in
                    ("count \(row) is \(count)", sample.replacing(position, by: UInt8(count)))
                }
            }
        }
    }

    @Test("another length", arguments: Pairing.all)
    func lengths(pairing: Pairing) throws {
        try expectRefusal(pairing) { sample in
            let (signature, count) = (sample.signature, sample.signature.count)
            return [
                ("nothing", []),
                ("one byte", [signature[0]]),
                ("the challenge alone", Array(signature[sample.layout.challenge])),
                ("a byte less at the end", Array(signature.dropLast())),
                ("a byte less at the start", Array(signature.dropFirst())),
                ("a byte more at the end", signature + [0]),
                ("a byte more at the start", [0] + signature),
                ("twice", signature + signature),
                ("huge", signature + [UInt8](repeating: 0, count: 1 << 20)),
                ("the other scheme's length", Array((signature + signature).prefix(count == 2_420 ? 3_309 : 2_420))),
            ]
        }
    }

    @Test("another message, context or key", arguments: Pairing.all)
    func circumstances(pairing: Pairing) throws {
        let sample = try Sample(pairing.scheme)
        let verifier = try pairing.makeVerifier(key: sample.key)
        let stranger = try pairing.makeVerifier(key: sample.strangersKey)
        let (signature, message, context) = (sample.signature, sample.message, sample.context)
        #expect(verifier.isValid(signature, for: message, context: context))
        #expect(!stranger.isValid(signature, for: message, context: context))
        for other in [[], Array(message.dropLast()), message + [0], message.reversed()] {
            #expect(!verifier.isValid(signature, for: other, context: context))
        }
        let tooLong = [UInt8](repeating: 0, count: 256)
        for other in [[], Array(context.dropLast()), context + [0], tooLong, tooLong + tooLong + context] {
            #expect(!verifier.isValid(signature, for: message, context: other))
        }
        #expect(!verifier.isValid(signature, for: Array(message.dropFirst()), context: context + message.prefix(1)))
        for position in [0, 31, 32, sample.key.count - 1] {
            var key = sample.key
            key[position] ^= 1
            let other = try pairing.makeVerifier(key: key)
            #expect(!other.isValid(signature, for: message, context: context), "byte \(position) of the key altered")
        }
    }
}
