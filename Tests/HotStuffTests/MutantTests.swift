import Foundation
import HotStuff
import Testing

@Suite("The catalogue of deliberate faults")
struct MutantTests {
    private static let catalogue = SourceTree.root.deletingLastPathComponent()
        .appending(path: "Mutants").appending(path: "catalogue.txt")

    /// The lines of the catalogue as name, clause, sentence and perhaps an adversary with a seed.
    private func entries() throws -> [[String]] {
        try String(contentsOf: Self.catalogue, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// The names for which the sources ask.
    private func sites() throws -> Set<String> {
        var names: Set<String> = []
        for line in try SourceTree.files().flatMap(\.lines) {
            for match in line.matches(of: /\bmutant\("([^"]*)"\)/) { names.insert(String(match.output.1)) }
        }
        return names
    }

    @Test("every line is a name, a clause, a sentence and perhaps where it is caught, and no name comes twice")
    func form() throws {
        let entries = try entries()
        for entry in entries {
            #expect((3...4).contains(entry.count), "\(entry)")
            #expect(entry[0].wholeMatch(of: /[a-z0-9]+(?:-[a-z0-9]+)*/) != nil, "\(entry[0])")
            #expect(entry.dropFirst(2).first?.hasSuffix(".") == true, "\(entry)")
        }
        let names = entries.map { $0[0] }
        #expect(Set(names).count == names.count, "a name comes twice")
        #expect(names.count > 50)
    }

    @Test("every fault in the sources is in the catalogue, and every one in the catalogue is in the sources")
    func agreement() throws {
        let (known, sites) = (Set(try entries().map { $0[0] }), try sites())
        #expect(sites.subtracting(known).sorted() == [], "in the sources only")
        #expect(known.subtracting(sites).sorted() == [], "in the catalogue only")
    }

    @Test("in a build without the trait no fault is ever switched on")
    func silence() {
        #expect(!mutant("vote-twice"))
    }
}
