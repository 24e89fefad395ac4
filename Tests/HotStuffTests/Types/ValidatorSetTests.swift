import HotStuff
import Testing

@Suite("Validator sets")
struct ValidatorSetTests {
    /// Validators with these powers, each with a key of its own.
    private func validators(_ powers: [UInt64]) -> [Validator] {
        powers.enumerated().map { place, power in
            Validator(verificationKey: littleEndian(UInt16(place)), power: VotingPower(power))
        }
    }

    private func set(_ powers: [UInt64]) throws(ValidatorSetError) -> ValidatorSet {
        try ValidatorSet(validators(powers))
    }

    private func refusal(_ validators: [Validator]) -> ValidatorSetError? {
        do {
            _ = try ValidatorSet(validators)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "equal validators have the quorums of the papers",
        arguments: [
            (1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 3, 2), (5, 4, 2), (6, 5, 2), (7, 5, 3), (10, 7, 4),
        ] as [(Int, UInt64, UInt64)]
    )
    func equalValidators(count: Int, quorum: UInt64, moreThanFaulty: UInt64) throws {
        let set = try set(Array(repeating: 1, count: count))
        #expect(set.totalPower == VotingPower(UInt64(count)))
        #expect(set.quorum == VotingPower(quorum))
        #expect(set.moreThanFaulty == VotingPower(moreThanFaulty))
    }

    @Test("a quorum is the least power of more than two thirds, at any total")
    func quorumFormula() throws {
        let maximum = ValidatorSet.maximumTotalPower.rawValue
        var totals = Array(UInt64(1)...300) + Array((maximum - 5)...maximum)
        var generator = SplitMix64(seed: 3)
        for _ in 0..<200 { totals.append(1 + generator.next() % maximum) }
        for total in totals {
            let set = try set([total])
            #expect(isMoreThanTwoThirds(set.quorum.rawValue, of: total), "total \(total)")
            #expect(!isMoreThanTwoThirds(set.quorum.rawValue - 1, of: total), "total \(total)")
            #expect(set.moreThanFaulty.rawValue + set.quorum.rawValue == total + 1, "total \(total)")
            #expect(set.quorum <= set.totalPower, "total \(total)")
            #expect(set.moreThanFaulty <= set.quorum, "total \(total)")
        }
    }

    /// Whether 3 * part > 2 * total, in numbers of 128 bits.
    private func isMoreThanTwoThirds(_ part: UInt64, of total: UInt64) -> Bool {
        let left = part.multipliedFullWidth(by: 3)
        let right = total.multipliedFullWidth(by: 2)
        return (left.high, left.low) > (right.high, right.low)
    }

    @Test("any two quorums share at least one honest validator's power", arguments: [1, 2, 3, 4, 5, 6, 7, 10])
    func quorumsIntersect(count: Int) throws {
        for seed in UInt64(0)..<6 {
            var generator = SplitMix64(seed: seed)
            let powers = (0..<count).map { _ in seed == 0 ? 1 : 1 + generator.next() % 20 }
            let set = try set(powers)
            // The power of every subset, by the bits of its number.
            let subsets = 0..<(1 << count)
            let power = subsets.map { subset in
                powers.indices.reduce(UInt64(0)) { subset & 1 << $1 == 0 ? $0 : $0 + powers[$1] }
            }
            let quorums = subsets.filter { power[$0] >= set.quorum.rawValue }
            var least = UInt64.max
            for first in quorums {
                for second in quorums { least = min(least, power[first & second]) }
            }
            #expect(least >= set.moreThanFaulty.rawValue, "seed \(seed), powers \(powers)")
            // What is left without the faulty is a quorum, so they cannot stop the others.
            let faulty = set.moreThanFaulty.rawValue - 1
            #expect(set.totalPower.rawValue - faulty >= set.quorum.rawValue, "seed \(seed), powers \(powers)")
        }
    }

    @Test("a list without validators is no set")
    func empty() { #expect(refusal([]) == .empty) }

    @Test("a validator without power is named")
    func noPower() {
        #expect(refusal(validators([1, 0, 3])) == .noPower(ReplicaID(1)))
        #expect(refusal(validators([0])) == .noPower(ReplicaID(0)))
    }

    @Test("a sum of powers above the maximum is refused, also one that overflows")
    func tooMuchPower() {
        let maximum = ValidatorSet.maximumTotalPower.rawValue
        #expect(refusal(validators([maximum])) == nil)
        #expect(refusal(validators([maximum - 1, 1])) == nil)
        #expect(refusal(validators([maximum, 1])) == .tooMuchPower)
        #expect(refusal(validators([maximum + 1])) == .tooMuchPower)
        #expect(refusal(validators([.max])) == .tooMuchPower)
        #expect(refusal(validators([maximum, .max])) == .tooMuchPower)
        #expect(refusal(validators([maximum, maximum, maximum])) == .tooMuchPower)
    }

    @Test("two validators with one key are named")
    func sameKey() {
        var list = validators([1, 1, 1, 1])
        list[3] = Validator(verificationKey: list[1].verificationKey, power: VotingPower(9))
        #expect(refusal(list) == .sameKey(ReplicaID(1), ReplicaID(3)))
    }

    @Test("the largest set has 1,024 validators")
    func maximum() throws {
        let most = validators(Array(repeating: 1, count: ValidatorSet.maximumCount))
        let largest = try ValidatorSet(most)
        #expect(largest.count == 1_024)
        #expect(largest.replicas.last == ReplicaID(1_023))
        #expect(largest.quorum == VotingPower(683))
        #expect(try ValidatorSet(decoding: largest.encoded) == largest)
        let more = validators(Array(repeating: 1, count: ValidatorSet.maximumCount + 1))
        #expect(refusal(more) == .tooMany(1_025))
        let set = SignatureSet(largest.replicas.map { (signer: $0, signature: Signature([])) })
        #expect(try SignatureSet(decoding: set.encoded).count == 1_024, "all of them may sign")
    }

    @Test("a replica has its validator's power, a stranger none")
    func powers() throws {
        let set = try set([1, 20, 300])
        #expect(set.replicas == [ReplicaID(0), ReplicaID(1), ReplicaID(2)])
        #expect(set.power(of: ReplicaID(1)) == VotingPower(20))
        #expect(set.power(of: ReplicaID(3)) == .zero)
        #expect(set.power(of: ReplicaID(.max)) == .zero)
        #expect(set.contains(ReplicaID(2)))
        #expect(!set.contains(ReplicaID(3)))
        #expect(set.power(of: [ReplicaID(0), ReplicaID(2), ReplicaID(9)]) == VotingPower(301))
        #expect(set.power(of: []) == .zero)
    }

    @Test("the order, the keys and the powers are in the set's name")
    func digest() throws {
        let list = validators([1, 2])
        let other = [Validator(verificationKey: [9], power: VotingPower(1)), list[1]]
        let sets = [list, list.reversed(), other, validators([1, 3]), validators([1])]
        #expect(Set(try sets.map { try ValidatorSet($0).digest }).count == sets.count)
    }
}
