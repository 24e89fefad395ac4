internal import HotStuff

/// A scenario that has been played: a readable script of an attack, with what it must and must not lead to.
///
/// One step or expectation is one line; what follows a `#` explains. The words are those of `Scenario` and
/// `ScenarioExpectation`. A scenario ends at its first line that fails; at its end nothing may be violated, unless it says so.
public struct ScenarioRun: Hashable, Sendable {
    /// Where a scenario failed.
    public struct Failure: Hashable, Sendable, CustomStringConvertible {
        /// The number of the line, from 1; the one after the last, if the end is not what it must be.
        public let line: Int
        /// The line.
        public let text: String
        /// What is wrong.
        public let detail: String

        /// The line and what is wrong, for people.
        public var description: String { "line \(line), \"\(text)\": \(detail)" }
    }

    /// Where it failed; nowhere, if all went as it says.
    public let failure: Failure?
    /// How many expectations held.
    public let expectationCount: Int

    /// Whether all went as it says.
    public var passed: Bool { failure == nil }

    /// Plays a scenario.
    ///
    /// - Parameters:
    ///   - text: the scenario.
    ///   - trace: gets a line for everything that happens, if somebody reads it.
    public init(text: String, trace: ((String) -> Void)? = nil) {
        let scenario = Scenario(trace: trace)
        var failure: Failure?
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let content = line.prefix { $0 != "#" }
            let words = content.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            trace?(">>> \(content)")
            do {
                try scenario.perform(ScenarioLine(words))
            } catch {
                failure = Failure(line: number, text: String(content), detail: error.detail)
                break
            }
        }
        if failure == nil, let detail = scenario.faultAtEnd {
            failure = Failure(line: number + 1, text: "the end", detail: detail)
        }
        self.failure = failure
        expectationCount = scenario.expectationCount
    }
}

/// Why a line of a scenario failed.
struct ScenarioProblem: Error {
    let detail: String

    init(_ detail: String) { self.detail = detail }
}

/// The words of a line: a verb, its objects, and clauses that begin with a known word.
struct ScenarioLine {
    let words: [String]

    init(_ words: [String]) { self.words = words }

    var verb: String { words[0] }

    /// The line without its first word.
    var rest: ScenarioLine { ScenarioLine(Array(words.dropFirst())) }

    func has(_ word: String) -> Bool { words.contains(word) }

    /// The word at a place.
    func word(_ place: Int) throws(ScenarioProblem) -> String {
        guard place < words.count else { throw ScenarioProblem("a word is missing") }
        return words[place]
    }

    /// The word after another one.
    func value(after word: String) -> String? {
        guard let place = words.firstIndex(of: word), place + 1 < words.count else { return nil }
        return words[place + 1]
    }

    /// The number after a word.
    func number(after word: String) throws(ScenarioProblem) -> UInt64? {
        guard let text = value(after: word) else { return nil }
        return try ScenarioLine.number(text)
    }

    /// Which blocks are to become final, if the line says so.
    var commitRule: CommitRule? {
        get throws(ScenarioProblem) {
            switch value(after: "rule") {
            case nil: nil
            case "three-chain": .threeChain
            case "two-chain": .twoChain
            case .some(let text): throw ScenarioProblem("\(text): no such rule")
            }
        }
    }

    /// The numbers after a word, with commas between them.
    func list(after word: String) throws(ScenarioProblem) -> [Int]? {
        guard let text = value(after: word) else { return nil }
        return try ScenarioLine.list(text)
    }

    static func list(_ text: String) throws(ScenarioProblem) -> [Int] {
        var list: [Int] = []
        for part in text.split(separator: ",") { list.append(Int(clamping: try number(String(part)))) }
        return list
    }

    /// A number, which may have one letter before it: h3, v9.
    static func number(_ text: String) throws(ScenarioProblem) -> UInt64 {
        let digits = text.first.map { $0.isLetter } == true ? String(text.dropFirst()) : text
        guard let number = UInt64(digits) else { throw ScenarioProblem("\(text) is no number") }
        return number
    }
}
