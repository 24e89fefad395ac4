import HotStuff
import Testing

@Suite("Digests and hexadecimal text")
struct DigestTests {
    @Test("all bytes have two lower-case digits")
    func everyByte() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.encode(bytes)
        #expect(text.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(text.hasSuffix("f8f9fafbfcfdfeff"))
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(Hexadecimal.decode(text.uppercased()) == bytes)
        #expect(Hexadecimal.encode([]).isEmpty)
        #expect(Hexadecimal.decode("") == [])
    }

    @Test(
        "what is not pairs of digits is no hexadecimal text",
        arguments: ["0", "012", "0g", "g0", "/0", ":0", "@0", "`0", "0 ", " 00", "0x00", "é", "１２", "00\n", "-1"]
    )
    func notHexadecimal(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    @Test("random bytes come back from their text")
    func roundTrip() {
        for seed in UInt64(0)..<100 {
            var generator = SplitMix64(seed: seed)
            let bytes = generator.bytes(fewerThan: 100)
            #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes, "seed \(seed)")
            let digest = generator.digest()
            #expect(Digest(hexadecimal: digest.description) == digest, "seed \(seed)")
            #expect(Digest(bytes: digest.bytes) == digest, "seed \(seed)")
        }
    }

    @Test("a digest is written as its 32 bytes")
    func text() {
        let digest = GoldenValues.digest(from: 0)
        let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        #expect(digest.bytes == Array(0..<32))
        #expect(digest.description == text)
        #expect(digest.short == "00010203")
        #expect(Digest(hexadecimal: text.uppercased()) == digest)
        #expect(Digest.zero.description == String(repeating: "0", count: 64))
    }

    @Test("a digest has exactly 32 bytes")
    func lengths() {
        for count in [0, 1, 31, 33, 64] {
            #expect(Digest(bytes: Array(repeating: 1, count: count)) == nil)
            #expect(Digest(hexadecimal: String(repeating: "01", count: count)) == nil)
        }
        #expect(Digest(hexadecimal: String(repeating: "0", count: 63)) == nil)
        #expect(Digest(hexadecimal: String(repeating: "g", count: 64)) == nil)
    }

    @Test("the hash of no bytes is the one that BLAKE3 documents")
    func emptyHash() {
        #expect(
            Digest.hash(of: []).description == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        )
    }
}
