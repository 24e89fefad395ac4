/// The SplitMix64 generator of Steele, Lea and Flood: a seed gives the same numbers on every machine.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number below a bound; the bound is small here, so the bias of the remainder does not matter.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True once in so many times.
    mutating func chance(oneIn odds: Int) -> Bool { below(odds) == 0 }

    /// A number that is often one of the edges where arithmetic goes wrong.
    mutating func number() -> UInt64 {
        switch below(8) {
        case 0: 0
        case 1: 1
        case 2: .max
        case 3: .max - 1
        case 4: UInt64(below(256))
        default: next()
        }
    }

    /// Some bytes, fewer than a bound.
    mutating func bytes(fewerThan bound: Int) -> [UInt8] {
        let count = below(bound)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// A list of fewer elements than a bound.
    mutating func list<Element>(fewerThan bound: Int, of make: (inout SplitMix64) -> Element) -> [Element] {
        let count = below(bound)
        return (0..<count).map { _ in make(&self) }
    }

    /// Nothing in half of all cases.
    mutating func optional<Wrapped>(_ make: (inout SplitMix64) -> Wrapped) -> Wrapped? {
        chance(oneIn: 2) ? make(&self) : nil
    }
}
