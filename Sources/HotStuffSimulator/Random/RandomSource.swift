/// A generator whose numbers depend on its seed alone: SplitMix64 (Steele, Lea, Flood, 2014).
///
/// Everything that a simulation leaves to chance comes from one of these, so a seed tells a whole run again, on every
/// machine and in every process.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number below a bound that is above zero.
    ///
    /// One step of the generator for each number; the bias is the bound over 2^64.
    package mutating func number(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "there is no number below \(bound)")
        return next().multipliedFullWidth(by: bound).high
    }

    /// A number from zero to below a bound that is above zero.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "there is no number below \(bound)")
        return Int(number(below: UInt64(bound)))
    }

    /// True once in so many times.
    package mutating func chance(oneIn odds: Int) -> Bool { below(odds) == 0 }

    /// True so many times in a thousand.
    package mutating func chance(perMille share: Int) -> Bool { below(1_000) < share }

    /// One of the elements of a collection that is not empty.
    package mutating func pick<Elements: RandomAccessCollection>(_ elements: Elements) -> Elements.Element
    where Elements.Index == Int {
        precondition(!elements.isEmpty, "nothing to pick from")
        return elements[elements.startIndex + below(elements.count)]
    }

    /// A generator of its own, so that what one part of a run draws does not shift what another one draws.
    package mutating func split() -> RandomSource {
        RandomSource(seed: next() ^ 0xd1b5_4a32_d192_ed03)
    }

    /// Some bytes, fewer than a bound that is above zero.
    package mutating func bytes(fewerThan bound: Int) -> [UInt8] {
        let count = below(bound)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
