internal import Foundation

/// How much is tried.
enum Budget: String {
    /// What is known to catch each fault, and a little more; it ends at the first catch.
    case small
    /// Hundreds of seeds of each adversary, for rates.
    case full
}

/// What the command line asks for.
struct Arguments {
    /// What is to be done.
    enum Action {
        /// Show what can be broken.
        case list
        /// Break everything, or some of it, and see.
        case gate
        /// Run seeds of one adversary with one fault, or with none by `-`, a line for each.
        case hunt(String)
    }

    var action = Action.gate
    var isJSON = false
    var budget = Budget.small
    var names: [String] = []
    var jobs = ProcessInfo.processInfo.activeProcessorCount
    var adversary = "random"
    var seed: UInt64 = 1
    var count: UInt64 = 1
    var endsAtCatch = false
    var isTraced = false

    static let usage = """
        usage: Scripts/mutants [--budget small|full] [--only NAME ...] [--jobs N] [--json]
               Scripts/mutants --list
               Scripts/mutants --hunt NAME|- [--adversary NAME] [--seed N] [--count N] [--trace]

        Breaks the rules of Mutants/catalogue.txt one at a time and has the simulator catch each. Ends with 0 if all are
        caught, with 1 if one survives or if the rules as they should be do not pass, with 64 on wrong arguments.
        """

    /// Reads a command line.
    init(_ words: [String]) throws(ArgumentFault) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--list": action = .list
            case "--json": isJSON = true
            case "--trace": isTraced = true
            case "--until-caught": endsAtCatch = true
            case "--budget":
                guard let value = rest.popFirst(), let budget = Budget(rawValue: value) else {
                    throw ArgumentFault(description: "--budget is small or full")
                }
                self.budget = budget
            case "--only":
                while let name = rest.first, !name.hasPrefix("--") {
                    names.append(name)
                    rest.removeFirst()
                }
                guard !names.isEmpty else { throw ArgumentFault(description: "--only needs a name") }
            case "--jobs": jobs = Int(try Arguments.number(after: word, in: &rest, atMost: 1_024))
            case "--hunt":
                guard let name = rest.popFirst() else { throw ArgumentFault(description: "--hunt needs a name") }
                action = .hunt(name)
            case "--adversary":
                guard let name = rest.popFirst(), Adversaries.named(name) != nil else {
                    let names = (Adversaries.all.map(\.name) + ["forks"]).joined(separator: ", ")
                    throw ArgumentFault(description: "--adversary is one of \(names)")
                }
                adversary = name
            case "--seed": seed = try Arguments.number(after: word, in: &rest, atMost: .max - 1 << 32, atLeast: 0)
            case "--count": count = try Arguments.number(after: word, in: &rest, atMost: 1 << 32)
            default: throw ArgumentFault(description: "what is \(word)?")
            }
        }
    }

    private static func number(
        after word: String,
        in rest: inout ArraySlice<String>,
        atMost highest: UInt64,
        atLeast lowest: UInt64 = 1
    ) throws(ArgumentFault) -> UInt64 {
        guard let value = rest.popFirst().flatMap(UInt64.init), (lowest...highest).contains(value) else {
            throw ArgumentFault(description: "\(word) needs a number from \(lowest) to \(highest)")
        }
        return value
    }
}

/// Why a command line cannot be followed.
struct ArgumentFault: Error, CustomStringConvertible {
    let description: String
}
