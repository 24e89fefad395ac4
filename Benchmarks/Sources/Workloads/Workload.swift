/// A piece of the engine's work that is measured: by the clock, or by the instructions that it takes.
///
/// Preparing it is not part of it. Everything in it follows from fixed seeds, so that each run does the same work.
public struct Workload: Sendable {
    /// Does the work once more; the argument is the number of times that it was done before.
    public typealias Work = (Int) throws -> Void

    /// What is done, to what.
    public let name: String
    /// How many repetitions one count of instructions is of; it is made with twice as many as well.
    public let repetitions: Int
    private let preparation: @Sendable (Int) throws -> Work

    init(
        _ name: String,
        repetitions: Int,
        preparation: @escaping @Sendable (_ count: Int) throws -> Work
    ) {
        self.name = name
        self.repetitions = repetitions
        self.preparation = preparation
    }

    /// Prepares the work to be done at most so many times.
    ///
    /// - Parameter count: the most times.
    /// - Returns: the work.
    /// - Throws: whatever goes wrong, also that the work does not lead to what it should: what is fast and wrong is not measured.
    public func prepared(for count: Int) throws -> Work { try preparation(count) }

    /// All workloads.
    public static let all =
        wire + frames + hashes + votes + certificates + chain + journal + pool + execution
}

/// Why a workload measures nothing.
struct WorkloadFault: Error, CustomStringConvertible {
    /// What it did not do.
    let description: String

    init(_ description: String) { self.description = description }

    /// Fails unless something holds.
    static func unless(_ condition: Bool, _ description: @autoclosure () -> String) throws(WorkloadFault) {
        guard condition else { throw WorkloadFault(description()) }
    }
}

/// Takes a value that is not used otherwise, so that the optimiser cannot leave out what made it.
@inline(never)
func consume<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
