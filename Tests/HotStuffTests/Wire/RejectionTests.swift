import HotStuff
import Testing

@Suite("What is not an encoding is refused")
struct RejectionTests {
    @Test("every strict prefix of an encoding is truncated", arguments: EncodedKind.all)
    func prefixes(kind: EncodedKind) throws {
        for seed in UInt64(0)..<4 {
            var generator = SplitMix64(seed: seed)
            let encoding = try kind.encoding(&generator)
            for length in encoding.indices {
                let error = refusal(of: try kind.reencoding(Array(encoding[..<length])))
                try #require(error == .truncated, "\(kind.name), seed \(seed), the first \(length) bytes")
            }
        }
    }

    @Test("bytes behind a value are refused and counted", arguments: EncodedKind.all)
    func trailingBytes(kind: EncodedKind) throws {
        for seed in UInt64(0)..<20 {
            var generator = SplitMix64(seed: seed)
            let encoding = try kind.encoding(&generator)
            for count in [1, 2, 100] {
                let bytes = encoding + Array(repeating: 0, count: count)
                let error = refusal(of: try kind.reencoding(bytes))
                try #require(error == .trailingBytes(count), "\(kind.name), seed \(seed)")
            }
        }
    }

    @Test("tags that stand for nothing are refused")
    func unknownTags() {
        let filler: [UInt8] = Array(repeating: 0, count: 1_000)
        for tag in UInt8.min...UInt8.max {
            let bytes = [tag] + filler
            if !(1...14).contains(tag) { #expect(refusal(of: Message.self, bytes) == .invalidTag(tag)) }
            if !(1...2).contains(tag) { #expect(refusal(of: ClientRequest.self, bytes) == .invalidTag(tag)) }
            if !(1...4).contains(tag) { #expect(refusal(of: ClientResponse.self, bytes) == .invalidTag(tag)) }
            if !(0...4).contains(tag) { #expect(refusal(of: CommandOutcome.self, bytes) == .invalidTag(tag)) }
        }
    }

    @Test("a Boolean is 0 or 1")
    func booleans() {
        for byte in UInt8(2)...UInt8.max {
            var decoder = BorshDecoder([byte])
            #expect(refusal(of: try decoder.readBool()) == .invalidTag(byte))
        }
        var generator = SplitMix64(seed: 1)
        var option = VoteStatement(
            chain: generator.digest(),
            epoch: .first,
            view: View(1),
            block: generator.digest(),
            height: Height(1),
            parentView: .genesis,
            commits: nil
        ).encoded
        option[96] = 2
        #expect(refusal(of: VoteStatement.self, option) == .invalidTag(2))
    }

    @Test("a text that is not UTF-8 is refused")
    func invalidText() {
        let texts: [[UInt8]] = [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0x80], [0xe2, 0x82],
        ]
        for text in texts {
            var encoder = BorshEncoder()
            encoder.appendBytes(text)
            var decoder = BorshDecoder(encoder.bytes)
            #expect(
                refusal(of: try decoder.readText(maximum: 100)) == .invalidText,
                "\(Hexadecimal.encode(text))"
            )
        }
    }

    @Test("a number of raw bytes that are not there is refused, also a negative one")
    func rawBytes() {
        for count in [5, -1, Int.max, Int.min] {
            var decoder = BorshDecoder([1, 2, 3, 4])
            #expect(refusal(of: try decoder.readRaw(count: count)) == .truncated)
            #expect(decoder.consumed == 0)
        }
    }

    @Test("a frame of another version is refused")
    func frameVersions() {
        let message = Message.commands([]).encoded
        for version: UInt16 in [0, 2, 256, 257, .max] {
            let frame = [UInt8(truncatingIfNeeded: version), UInt8(version >> 8)] + message
            #expect(
                refusal(of: try Frame.decode(Message.self, from: frame))
                    == .unknownVersion(version)
            )
        }
        #expect(refusal(of: try Frame.decode(Message.self, from: [1])) == .truncated)
        #expect(refusal(of: try Frame.decode(Message.self, from: [])) == .truncated)
        #expect(
            refusal(of: try Frame.decode(Message.self, from: [1, 0] + message + [0]))
                == .trailingBytes(1)
        )
    }

    @Test("a frame longer than the maximum is refused before its first byte is read")
    func oversizedFrames() {
        let longest = [UInt8](repeating: 0, count: Frame.maximumByteCount)
        #expect(
            refusal(of: try Frame.decode(Message.self, from: longest)) == .unknownVersion(0)
        )
        #expect(
            refusal(of: try Frame.decode(Message.self, from: longest + [0]))
                == .tooLong(Frame.maximumByteCount + 1, maximum: Frame.maximumByteCount)
        )
    }
}
