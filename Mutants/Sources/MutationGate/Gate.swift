internal import Foundation
internal import HotStuff
internal import HotStuffStorage

/// The mutation gate.
@main
enum Gate {
    private static let usage = "usage: Scripts/mutants --list"

    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(2)
        }
    }

    private static func run(_ arguments: [String]) throws(CatalogueError) {
        // The script that builds this runs it where the repository begins.
        let catalogue = try Catalogue(path: "Mutants/catalogue.txt")
        guard arguments == ["--list"] else { throw CatalogueError(description: usage) }
        // A build without the trait has no such name, so this would not compile.
        Mutation.activate(nil)
        print(catalogue.listing)
    }
}
