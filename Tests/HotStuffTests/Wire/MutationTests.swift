import HotStuff
import Testing

@Suite("Bytes that nobody has checked")
struct MutationTests {
    /// Nothing if the bytes are refused or are the one encoding of what they decode to.
    private func fault(of bytes: [UInt8], as kind: EncodedKind) -> (decoded: Bool, fault: String?) {
        guard let again = try? kind.reencoding(bytes) else { return (false, nil) }
        guard again != bytes else { return (true, nil) }
        return (true, "\(Hexadecimal.encode(bytes)) decodes, but encodes as \(Hexadecimal.encode(again))")
    }

    @Test("mutated bytes are refused or canonical", arguments: EncodedKind.all)
    func mutations(kind: EncodedKind) throws {
        var decodedCount = 0
        for seed in UInt64(0)..<1_500 {
            var generator = SplitMix64(seed: seed)
            let original = try kind.encoding(&generator)
            let donor = try kind.encoding(&generator)
            let mutant = generator.mutated(original, donor: donor)
            let (decoded, fault) = fault(of: mutant, as: kind)
            try #require(fault == nil, "\(kind.name), seed \(seed): \(fault ?? "")")
            decodedCount += decoded ? 1 : 0
        }
        #expect(decodedCount > 0, "no mutant decodes, so this test shows nothing")
        #expect(decodedCount < 1_500, "every mutant decodes, so this test shows nothing")
    }

    @Test("every single byte may be anything", arguments: EncodedKind.all)
    func singleBytes(kind: EncodedKind) throws {
        var generator = SplitMix64(seed: 77)
        let original = try kind.encoding(&generator)
        for position in original.indices {
            for value: UInt8 in [0, 1, 2, 0xff, original[position] &+ 1] {
                var mutant = original
                mutant[position] = value
                let fault = fault(of: mutant, as: kind).fault
                try #require(fault == nil, "\(kind.name), seed 77, byte \(position) is \(value): \(fault ?? "")")
            }
        }
    }

    @Test("random bytes are refused or canonical", arguments: EncodedKind.all)
    func noise(kind: EncodedKind) throws {
        for seed in UInt64(0)..<500 {
            var generator = SplitMix64(seed: seed)
            var bytes = generator.bytes(fewerThan: 400)
            // Mostly small bytes, so that tags, counts and Booleans are often plausible.
            if generator.chance(oneIn: 2) { bytes = bytes.map { $0 < 200 ? $0 & 3 : $0 } }
            let fault = fault(of: bytes, as: kind).fault
            try #require(fault == nil, "\(kind.name), seed \(seed): \(fault ?? "")")
        }
    }

    @Test("a mutated frame is refused or canonical", arguments: 0..<SplitMix64.messageKindCount)
    func frames(kind: Int) throws {
        for seed in UInt64(0)..<1_000 {
            var generator = SplitMix64(seed: seed)
            let frame = Frame.encode(generator.message(kind: kind))
            let donor = Frame.encode(generator.message(kind: generator.below(SplitMix64.messageKindCount)))
            let mutant = generator.mutated(frame, donor: donor)
            guard let message = try? Frame.decode(Message.self, from: mutant) else { continue }
            try #require(Frame.encode(message) == mutant, "seed \(seed): \(Hexadecimal.encode(mutant))")
        }
    }
}
