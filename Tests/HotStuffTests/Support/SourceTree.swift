import Foundation

/// One Swift file of this package, without its comments.
struct SourceFile: Sendable {
    /// The path below `Sources`.
    let path: String
    /// The lines, from which comments are cut off.
    let lines: [String]

    /// The folder directly below `Sources`: the target.
    var target: String { String(path.prefix { $0 != "/" }) }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(SourceFile.withoutComment)
    }

    /// A line up to `//`, unless that stands in a string.
    private static func withoutComment(_ line: Substring) -> String {
        var kept = ""
        var isInString = false
        var isEscaped = false
        for character in line {
            if character == "/", !isInString, kept.last == "/" { return String(kept.dropLast()) }
            if character == "\"", !isEscaped { isInString.toggle() }
            isEscaped = isInString && character == "\\" && !isEscaped
            kept.append(character)
        }
        return kept
    }

    /// The modules that the file imports.
    var imports: [String] { lines.compactMap(SourceFile.importedModule) }

    /// The module of a line such as `@preconcurrency public import struct Module.Type`.
    private static func importedModule(_ line: String) -> String? {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }
        guard let place = words.firstIndex(of: "import") else { return nil }
        let modifiers: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]
        guard words[..<place].allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) }) else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        let name = words[(place + 1)...].first { !kinds.contains($0) }
        return name?.split(separator: ".").first.map(String.init)
    }

    /// The numbers and texts of the lines in which a pattern is found.
    func lines(matching pattern: Regex<Substring>) -> [String] {
        lines.enumerated().compactMap { place, line in
            line.contains(pattern) ? "\(path):\(place + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
        }
    }
}

/// All that lies in `Sources`, found from the place of this file.
enum SourceTree {
    /// The folder of the sources.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources")

    /// The names of the target folders, in order.
    static func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// All Swift files, in the order of their paths.
    static func files() throws -> [SourceFile] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            SourceFile(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }
}
