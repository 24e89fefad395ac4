import HotStuff
import Testing

@Suite("Signature sets")
struct SignatureSetTests {
    private typealias Signed = (signer: ReplicaID, signature: Signature)

    private func signed(_ signer: UInt16, _ byte: UInt8) -> Signed {
        (signer: ReplicaID(signer), signature: Signature([byte]))
    }

    @Test("the signatures lie in the order of their signers")
    func order() {
        let set = SignatureSet([signed(9, 90), signed(0, 1), signed(300, 3), signed(7, 70)])
        #expect(set.signers == [ReplicaID(0), ReplicaID(7), ReplicaID(9), ReplicaID(300)])
        #expect(set.signatures == [Signature([1]), Signature([70]), Signature([90]), Signature([3])])
        #expect(set.count == 4)
        #expect(!set.isEmpty)
    }

    @Test("a signer counts once, with its first signature")
    func duplicates() {
        let set = SignatureSet([signed(2, 1), signed(1, 7), signed(2, 2), signed(2, 3), signed(1, 7)])
        #expect(set.signers == [ReplicaID(1), ReplicaID(2)])
        #expect(set.signatures == [Signature([7]), Signature([1])])
        #expect(set == SignatureSet([signed(1, 7), signed(2, 1)]))
    }

    @Test("one signature under two names stays two signatures")
    func sameBytes() {
        #expect(SignatureSet([signed(1, 5), signed(2, 5)]).count == 2)
    }

    @Test("the order of arrival is not in the bytes")
    func shuffled() {
        for seed in UInt64(0)..<50 {
            var generator = SplitMix64(seed: seed)
            let signers = Set(generator.list(fewerThan: 30) { $0.replica() }).sorted()
            let list = signers.map { signer -> Signed in (signer: signer, signature: generator.signature()) }
            let set = SignatureSet(list)
            let other = SignatureSet(list.shuffled(using: &generator))
            #expect(set == other, "seed \(seed)")
            #expect(set.encoded == other.encoded, "seed \(seed)")
            #expect(set.signers == signers, "seed \(seed)")
            #expect(set.signatures == list.map(\.signature), "seed \(seed)")
        }
    }

    @Test("every single signer has its own bit", arguments: [0, 1, 7, 8, 15, 16, 127, 128, 1_023] as [UInt16])
    func bits(signer: UInt16) throws {
        let set = SignatureSet([signed(signer, 1)])
        #expect(set.signers == [ReplicaID(signer)])
        let bytes = [UInt8](repeating: 0, count: Int(signer / 8)) + [1 << (signer % 8)]
        #expect(set.encoded == littleEndian(UInt32(bytes.count)) + bytes + [1, 0, 0, 0, 1, 0, 0, 0, 1])
        #expect(try SignatureSet(decoding: set.encoded) == set)
    }

    @Test("nobody signed the empty set")
    func empty() {
        #expect(SignatureSet.empty.isEmpty)
        #expect(SignatureSet.empty.signers.isEmpty)
        #expect(SignatureSet.empty.encoded == [0, 0, 0, 0, 0, 0, 0, 0])
    }
}
