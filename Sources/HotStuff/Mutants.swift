/// Whether a deliberate fault is switched on: never, unless the package is built with the trait `Mutants`.
///
/// What FoundationDB's BUGGIFY is for the environment, this is for the rules: a place where one rule can be broken on
/// purpose, so that one can see whether the simulator would notice if it were broken by mistake. A simulator that finds
/// nothing proves little until it has been shown to find something.
///
///     guard header.view > record.lastVotedView || mutant("vote-twice") else { throw .alreadyVoted }
///
/// A fault is one idea. Where several layers guard the same thing, the same name opens all of them, or the fault could
/// never show. `Mutants/catalogue.txt` says for each name which clause it breaks, and a test holds that list and the
/// sources together. `Scripts/mutants` builds with the trait, in a folder of its own, and has the simulator catch each one.
///
/// Products never contain a fault: without the trait this is the constant `false` wherever it is called, so that a release
/// build keeps neither the place nor the name. `Scripts/check_no_mutants` looks into the binary.
#if HOTSTUFF_MUTANTS
@inline(__always)
package func mutant(_ name: StaticString) -> Bool { Mutation.isActive(name) }
#else
@inlinable
@inline(__always)
package func mutant(_ name: StaticString) -> Bool { false }
#endif

#if HOTSTUFF_MUTANTS
/// The one fault that is switched on in this process.
///
/// There is no such type in a product.
public enum Mutation {
    /// What tells names apart: the length, and a hash of the bytes.
    ///
    /// Two numbers, so that asking allocates nothing.
    private struct Fingerprint: Equatable {
        var length = 0
        var hash: UInt64 = 0
    }

    // nonisolated(unsafe): set before the first replica of a run begins and not until the last one is gone, by the only
    // thread that there is in between.
    nonisolated(unsafe) private static var fingerprint = Fingerprint()

    /// Switches a fault on, and every other off; none by default.
    ///
    /// A name that is in no source is one that no rule asks for. Nothing may run while this changes.
    ///
    /// - Parameter name: the name of the fault, or nil for the rules as they should be.
    public static func activate(_ name: String?) {
        fingerprint = name.map { Fingerprint(length: $0.utf8.count, hash: hash($0.utf8)) } ?? Fingerprint()
    }

    /// Whether a fault is the active one: nearly always one comparison.
    static func isActive(_ name: StaticString) -> Bool {
        name.utf8CodeUnitCount == fingerprint.length && hasActiveHash(name)
    }

    // Not inlined: or the optimiser computes the hash, no name is left to be found, and a search for names proves nothing.
    @inline(never)
    private static func hasActiveHash(_ name: StaticString) -> Bool {
        hash(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) == fingerprint.hash
    }

    /// FNV-1a, which is enough for names of our own.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
#endif
