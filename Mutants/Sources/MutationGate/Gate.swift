internal import Foundation
internal import HotStuff
internal import HotStuffSimulator

/// The mutation gate.
@main
enum Gate {
    static func main() {
        do {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            // The script that builds this runs it where the repository begins.
            let catalogue = try Catalogue(path: "Mutants/catalogue.txt")
            switch arguments.action {
            case .list:
                print(Table.text(catalogue.mutants.map { [$0.name, $0.clause, $0.sentence] }))
            case .hunt(let name): try hunt(name, arguments, catalogue)
            case .gate: exit(try pass(arguments, catalogue) ? 0 : 1)
            }
        } catch let fault as ArgumentFault {
            say("\(fault)\n\(Arguments.usage)\n")
            exit(64)
        } catch {
            say("\(error)\n")
            exit(66)
        }
    }

    /// Breaks one rule after the other.
    ///
    /// - Returns: whether all were caught, and the rules as they should be were not.
    private static func pass(_ arguments: Arguments, _ catalogue: Catalogue) throws(ArgumentFault) -> Bool {
        for name in arguments.names where !catalogue.mutants.contains(where: { $0.name == name }) {
            throw ArgumentFault(description: "there is no fault \(name)")
        }
        let mutants = catalogue.mutants.filter { arguments.names.isEmpty || arguments.names.contains($0.name) }
        let failures = control(of: mutants, arguments)
        guard failures.isEmpty else {
            for failure in failures {
                say("\(failure.kind ?? "no end") without any fault: \(failure.reproduction ?? "")\n")
            }
            if arguments.isJSON { print(Report([], outOf: mutants.count, control: failures).json) }
            return false
        }
        let trials = Crew.map(mutants, jobs: arguments.jobs) { mutant in
            Trial(mutant, budget: arguments.budget)
        } finished: { done, trial in
            progress("\(done) of \(mutants.count): \(trial.name) \(trial.isCaught ? "is caught" : "SURVIVES")")
        }
        progress(nil)
        let report = Report(trials, outOf: mutants.count, control: [])
        print(arguments.isJSON ? report.json : report.table)
        return report.caught == report.total
    }

    /// What is caught where nothing is wrong, or does not come to its end: then the catches would prove nothing.
    private static func control(of mutants: [Mutant], _ arguments: Arguments) -> [Trial] {
        var pieces: [(adversary: String, seeds: Range<UInt64>)] = []
        for adversary in Adversaries.all {
            let count = adversary.seedCount[arguments.budget]
            for first in stride(from: 1, through: count, by: 10) {
                pieces.append((adversary.name, first..<min(first + 10, count + 1)))
            }
        }
        let hints = Set(mutants.compactMap(\.hint)).sorted { ($0.adversary, $0.seed) < ($1.adversary, $1.seed) }
        for hint in hints where !pieces.contains(where: { $0.adversary == hint.adversary && $0.seeds ~= hint.seed }) {
            pieces.append((hint.adversary, hint.seed..<hint.seed + 1))
        }
        let total = pieces.count
        let trials = Crew.map(pieces, jobs: arguments.jobs) { piece in
            Trial(control: piece.adversary, seeds: piece.seeds)
        } finished: { done, _ in
            progress("no fault: \(done) of \(total)")
        }
        progress(nil)
        return trials.filter { !$0.isClean }
    }

    /// Runs seeds with one fault, a line for each.
    private static func hunt(_ name: String, _ arguments: Arguments, _ catalogue: Catalogue) throws(ArgumentFault) {
        guard name == "-" || catalogue.mutants.contains(where: { $0.name == name }) else {
            throw ArgumentFault(description: "there is no fault \(name)")
        }
        guard let adversary = Adversaries.named(arguments.adversary) else { return }
        // A build without the trait has no such name, so this would not compile.
        Mutation.activate(name == "-" ? nil : name)
        for seed in arguments.seed..<arguments.seed + arguments.count {
            let trace: ((String) -> Void)? =
                arguments.isTraced ? { FileHandle.standardOutput.write(Data("\($0)\n".utf8)) } : nil
            let finding = adversary.hunt(seed: seed, trace: trace)
            // Written at once: the next seed may bring the process down.
            let line = finding.map { "\(seed) \($0.kind) \($0.detail)\n" } ?? "\(seed) -\n"
            FileHandle.standardOutput.write(Data(line.utf8))
            if arguments.endsAtCatch, finding != nil { return }
        }
    }

    /// Shows how far we are, where somebody looks.
    private static func progress(_ line: String?) {
        guard isatty(STDERR_FILENO) != 0 else { return }
        say("\r\u{1b}[K\(line ?? "")")
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
