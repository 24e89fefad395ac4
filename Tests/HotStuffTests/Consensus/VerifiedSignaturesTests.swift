import Testing

@testable import HotStuff

@Suite("The memory of verified signatures")
struct VerifiedSignaturesTests {
    private func digest(_ number: UInt64) -> Digest { Digest(word0: number, word1: 0, word2: 0, word3: 0) }
    private let signer = ReplicaID(1)

    @Test("believes the very bytes, for the very statement and signer, and nothing else")
    func exact() {
        var memory = VerifiedSignatures(capacity: 4)
        memory.insert(Signature([1, 2]), on: digest(1), by: signer)
        #expect(memory.contains(Signature([1, 2]), on: digest(1), by: signer))
        #expect(!memory.contains(Signature([1, 3]), on: digest(1), by: signer))
        #expect(!memory.contains(Signature([1, 2]), on: digest(2), by: signer))
        #expect(!memory.contains(Signature([1, 2]), on: digest(1), by: ReplicaID(2)))
    }

    @Test("keeps the first signature of a signer and statement")
    func first() {
        var memory = VerifiedSignatures(capacity: 4)
        memory.insert(Signature([1]), on: digest(1), by: signer)
        memory.insert(Signature([2]), on: digest(1), by: signer)
        #expect(memory.contains(Signature([1]), on: digest(1), by: signer))
        #expect(!memory.contains(Signature([2]), on: digest(1), by: signer))
    }

    @Test("forgets the oldest when it is full, round after round")
    func eviction() {
        var memory = VerifiedSignatures(capacity: 3)
        for number in 1...10 as ClosedRange<UInt64> {
            memory.insert(Signature([UInt8(number)]), on: digest(number), by: signer)
            for known in 1...number {
                let isKept = known + 3 > number
                #expect(memory.contains(Signature([UInt8(known)]), on: digest(known), by: signer) == isKept)
            }
        }
    }
}
