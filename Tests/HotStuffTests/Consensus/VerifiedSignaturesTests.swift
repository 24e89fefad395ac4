import Testing

@testable import HotStuff

@Suite("The memory of verified signatures")
struct VerifiedSignaturesTests {
    private func signed(_ byte: UInt8, on statement: UInt64, by signer: UInt16 = 1) -> SignedDigest {
        SignedDigest(
            Signature([byte]),
            on: Digest(word0: statement, word1: 0, word2: 0, word3: 0),
            by: ReplicaID(signer)
        )
    }

    @Test("believes the very bytes, for the very statement and signer, and nothing else")
    func exact() {
        var memory = VerifiedSignatures(signerCount: 3, capacity: 4)
        memory.insert(signed(1, on: 1))
        #expect(memory.contains(signed(1, on: 1)))
        #expect(!memory.contains(signed(2, on: 1)))
        #expect(!memory.contains(signed(1, on: 2)))
        #expect(!memory.contains(signed(1, on: 1, by: 2)))
    }

    @Test("keeps other signatures of a signer for one statement beside the first, and each once")
    func several() {
        var memory = VerifiedSignatures(signerCount: 3, capacity: 3)
        memory.insert(signed(1, on: 1))
        for _ in 0..<9 { memory.insert(signed(2, on: 1)) }
        memory.insert(signed(3, on: 1))
        for byte in 1...3 as ClosedRange<UInt8> { #expect(memory.contains(signed(byte, on: 1))) }
    }

    @Test("forgets a signer's oldest when its places are full, round after round")
    func eviction() {
        var memory = VerifiedSignatures(signerCount: 3, capacity: 3)
        for number in 1...10 as ClosedRange<UInt64> {
            memory.insert(signed(UInt8(number), on: number))
            for known in 1...number {
                let isKept = known + 3 > number
                #expect(memory.contains(signed(UInt8(known), on: known)) == isKept)
            }
        }
    }

    @Test("one who signs without end makes it forget nobody else's")
    func flood() {
        var memory = VerifiedSignatures(signerCount: 3, capacity: 3)
        memory.insert(signed(1, on: 1, by: 0))
        memory.insert(signed(1, on: 1, by: 2))
        for number in 1...10_000 as ClosedRange<UInt64> { memory.insert(signed(1, on: number, by: 1)) }
        #expect(memory.contains(signed(1, on: 1, by: 0)))
        #expect(memory.contains(signed(1, on: 1, by: 2)))
        #expect(!memory.contains(signed(1, on: 1, by: 1)))
    }

    @Test("a stranger's signature is neither kept nor found, and traps nothing")
    func strangers() {
        var memory = VerifiedSignatures(signerCount: 3, capacity: 3)
        for signer in [3, 4, UInt16.max] {
            memory.insert(signed(1, on: 1, by: signer))
            #expect(!memory.contains(signed(1, on: 1, by: signer)))
        }
    }
}

@Suite("Signature")
struct SignatureComparisonTests {
    @Test("is equal to the same bytes alone, whatever their number", arguments: [0, 1, 7, 8, 9, 15, 16, 17, 64, 3_309])
    func equality(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 5) }
        let signature = Signature(bytes)
        let same = Signature(bytes.map { $0 })
        #expect(signature == same)
        #expect(signature.hashValue == same.hashValue)
        #expect(signature != Signature(bytes + [0]))
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 1
            #expect(signature != Signature(other), "byte \(place) of \(count)")
        }
    }
}
