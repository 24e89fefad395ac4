import Foundation
import HotStuff

/// One file of `Golden`: the bytes of one value and their digest, behind the tag of a domain or behind nothing.
struct GoldenFile {
    let domain: String
    let encoding: [UInt8]
    let digest: Digest

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    /// The names of all files, without the ending, in order.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    /// Reads lines of the form `name: value`.
    init(named name: String) throws {
        let text = try String(contentsOf: GoldenFile.folder.appending(path: "\(name).txt"), encoding: .utf8)
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw GoldenFault(file: name, what: "line \(line)") }
            fields[parts[0]] = parts[1]
        }
        guard let domain = fields["domain"], let encoding = fields["encoding"].flatMap(Hexadecimal.decode),
            let digest = fields["digest"].flatMap(Digest.init(hexadecimal:))
        else { throw GoldenFault(file: name, what: "fields \(fields.keys.sorted())") }
        self.domain = domain
        self.encoding = encoding
        self.digest = digest
    }
}

/// A golden file that cannot be read.
struct GoldenFault: Error {
    let file: String
    let what: String
}
