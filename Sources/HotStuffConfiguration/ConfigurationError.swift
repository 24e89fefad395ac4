/// Why a file is not taken, or not made: what is wrong and where, and what to do about it.
public struct ConfigurationError: Error, Equatable, Sendable {
    /// What sort of mistake it is.
    public enum Kind: Sendable, CaseIterable {
        /// A file cannot be understood or is damaged.
        case malformed
        /// A file is missing, or is none.
        case missing
        /// A file can be read, but contradicts itself or another one.
        case contradictory
        /// The operating system or a rule about secrets forbids it.
        case notPermitted
        /// A file cannot be created.
        case notCreated
        /// Reading or writing failed.
        case inputOutput
        /// No key could be made.
        case keyNotMade
        /// This machine has too few free ports.
        case noPorts
    }

    /// What sort of mistake it is.
    public let kind: Kind
    /// What is wrong, and where.
    public let problem: String
    /// What to do.
    public let advice: String

    /// Creates an error.
    init(_ kind: Kind, _ problem: String, advice: String) {
        self.kind = kind
        self.problem = problem
        self.advice = advice
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// Problem and advice on one line, without control characters whatever input they quote.
    public var description: String { PrintableText.of("\(problem); \(advice)") }
}
