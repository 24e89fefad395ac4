internal import Foundation

/// One deliberate fault.
struct Mutant {
    /// The name by which it is switched on.
    let name: String
    /// The clause of the design that it breaks.
    let clause: String
    /// What is wrong, in one sentence.
    let sentence: String
    /// Where it is known to be caught: an adversary and a seed.
    let hint: Hint?
}

/// An adversary and a seed with which a fault has been caught before, so that it is tried first.
struct Hint: Hashable {
    let adversary: String
    let seed: UInt64
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
            guard let mutant = Mutant(line: line) else {
                throw CatalogueError(
                    description: "\(path):\(index + 1): not `name | clause | sentence` or `... | adversary seed`"
                )
            }
            mutants.append(mutant)
        }
        self.mutants = mutants
    }
}

extension Mutant {
    /// Reads a line of the catalogue; nothing if it is none.
    fileprivate init?(line: Substring) {
        let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard (3...4).contains(fields.count) else { return nil }
        var hint: Hint?
        if fields.count == 4 {
            let words = fields[3].split(separator: " ")
            guard words.count == 2, let seed = UInt64(words[1]) else { return nil }
            hint = Hint(adversary: String(words[0]), seed: seed)
        }
        self.init(name: fields[0], clause: fields[1], sentence: fields[2], hint: hint)
    }
}
