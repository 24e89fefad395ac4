import HotStuffConfiguration

/// Why a command ends early: what is wrong and where, and what to do about it, on one line.
struct Failure: Error, Equatable, Sendable {
    /// The status that the process ends with.
    let status: ProgramStatus
    /// What is wrong, and where.
    let problem: String
    /// What to do.
    let advice: String

    /// Creates a failure.
    init(_ status: ProgramStatus, _ problem: String, advice: String) {
        self.status = status
        self.problem = problem
        self.advice = advice
    }

    /// The line for standard error, without control characters whatever input it quotes, and without its end.
    var line: String { Failure.printable("hotstuff: \(problem); \(advice)") }

    /// Some text without control characters.
    static func printable(_ text: String) -> String { PrintableText.of(text) }

    /// A piece of input in quotation marks, cut if it is long.
    static func quoted(_ text: String) -> String { PrintableText.quoted(text) }
}
