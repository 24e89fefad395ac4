internal import Foundation

/// One deliberate fault.
struct Mutant {
    /// The name by which it is switched on.
    let name: String
    /// The clause of the design that it breaks.
    let clause: String
    /// What is wrong, in one sentence.
    let sentence: String
}

/// Why the catalogue cannot be used.
struct CatalogueError: Error, CustomStringConvertible {
    let description: String
}

/// All deliberate faults, in the order of `Mutants/catalogue.txt`.
struct Catalogue {
    let mutants: [Mutant]

    /// Reads the catalogue of a file; empty lines and those that begin with `#` are for people.
    init(path: String) throws(CatalogueError) {
        guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
            throw CatalogueError(description: "cannot read \(path)")
        }
        var mutants: [Mutant] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard fields.count == 3 else {
                throw CatalogueError(description: "\(path):\(index + 1): not name | clause | sentence")
            }
            mutants.append(Mutant(name: fields[0], clause: fields[1], sentence: fields[2]))
        }
        self.mutants = mutants
    }

    /// One line for each, in columns.
    var listing: String {
        let nameWidth = mutants.map(\.name.count).max() ?? 0
        let clauseWidth = mutants.map(\.clause.count).max() ?? 0
        return mutants.map {
            [
                $0.name.padding(toLength: nameWidth, withPad: " ", startingAt: 0),
                $0.clause.padding(toLength: clauseWidth, withPad: " ", startingAt: 0),
                $0.sentence,
            ].joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
