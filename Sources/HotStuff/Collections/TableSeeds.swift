/// What the places of a table are drawn from: numbers that nobody else knows, so that nobody can choose keys that fall together.
@usableFromInline
package struct TableSeeds: Sendable {
    @usableFromInline package let first: UInt64
    @usableFromInline package let second: UInt64
    @usableFromInline package let third: UInt64
    @usableFromInline package let fourth: UInt64

    /// Those of this process.
    @usableFromInline package static let own = TableSeeds()

    #if HOTSTUFF_FIXED_SEEDS
    /// Numbers that everybody knows, so that two processes take the same steps and counts of these can be compared.
    private init() {
        first = 0x9E37_79B9_7F4A_7C15
        second = 0xBF58_476D_1CE4_E5B9
        third = 0x94D0_49BB_1331_11EB
        fourth = 0xD6E8_FEB8_6659_FD93
    }
    #else
    private init() {
        first = .random(in: 1...UInt64.max)
        second = .random(in: 1...UInt64.max)
        third = .random(in: 1...UInt64.max)
        fourth = .random(in: 1...UInt64.max)
    }
    #endif

    /// Two words to one: both halves of their product, of which each depends on all bits of both.
    @inlinable
    package static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The place of a number among others that belong together: sixteen that follow each other lie side by side, for what is asked
    /// for one after the other is then found in few lines of the cache.
    ///
    /// - Parameters:
    ///   - number: the number.
    ///   - family: a word that is as good as random, the same for all that belong together.
    /// - Returns: the place.
    @inlinable
    package func place(of number: UInt64, among family: UInt64) -> UInt64 {
        let run = TableSeeds.fold(family ^ (number >> 4), fourth)
        return run & ~15 | (number ^ (run >> 60)) & 15
    }
}
