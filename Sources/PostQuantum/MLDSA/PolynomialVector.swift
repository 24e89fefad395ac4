internal import CKernels

/// The memory of some polynomials, 256 coefficients each, one behind the other.
///
/// It has one owner and goes with it; where it holds secrets it is overwritten first. Coefficients are reached through
/// pointers: each stands for exactly 256 coefficients and is used only while the vector is alive. Who keeps a pointer beyond the
/// last mention of its vector says `extendLifetime`.
struct PolynomialVector: ~Copyable {
    /// The number of polynomials.
    let count: Int
    private let memory: UnsafeMutableRawPointer
    private let holdsSecrets: Bool

    /// Allocates polynomials that are zero.
    ///
    /// - Parameters:
    ///   - count: how many, at least one.
    ///   - holdsSecrets: whether the memory is overwritten when it is given back.
    init(count: Int, holdsSecrets: Bool) {
        precondition(count > 0, "a vector of \(count) polynomials")
        self.count = count
        self.holdsSecrets = holdsSecrets
        memory = .allocate(byteCount: Self.byteCount(count), alignment: 64)
        memory.initializeMemory(as: Int32.self, repeating: 0, count: count * Ring.degree)
    }

    deinit {
        if holdsSecrets { hotstuff_wipe(memory, Self.byteCount(count)) }
        memory.deallocate()
    }

    /// The coefficients of a polynomial.
    @inline(__always)
    subscript(index: Int) -> Coefficients {
        precondition(index >= 0 && index < count, "polynomial \(index) of \(count)")
        return (memory + Self.byteCount(index)).assumingMemoryBound(to: Int32.self)
    }

    private static func byteCount(_ count: Int) -> Int { count * Ring.degree * MemoryLayout<Int32>.stride }
}

/// The 256 coefficients of a polynomial, the constant one first, or of its transform.
typealias Coefficients = UnsafeMutablePointer<Int32>
