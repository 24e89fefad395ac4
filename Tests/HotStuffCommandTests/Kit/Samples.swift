import Foundation
import HotStuff
import PostQuantum
import Testing

@testable import HotStuffCommand

/// A cluster of four that all tests share, for keys take a while.
let sampleCluster: NewCluster = {
    do {
        return try NewCluster(name: "sample", host: "127.0.0.1", ports: [7_000, 7_001, 7_002, 7_003])
    } catch {
        fatalError("no sample cluster: \(error)")
    }
}()

extension JSONValue {
    /// The value with one part replaced, or removed; numbers in the path are places in lists.
    func changing(_ path: String, to value: JSONValue?) -> JSONValue {
        changing(path.split(separator: ".").map(String.init)[...], to: value)
    }

    private func changing(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
        guard let name = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            members[name] = rest.isEmpty ? value : members[name]?.changing(rest, to: value)
            return .object(members)
        case .list(var values):
            guard let index = Int(name) else { return self }
            if let value = rest.isEmpty ? value : values[index].changing(rest, to: value) {
                values[index] = value
            } else {
                values.remove(at: index)
            }
            return .list(values)
        case .null, .boolean, .integer, .number, .string: return self
        }
    }

    /// A part of the value.
    subscript(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { value, name in
            switch value {
            case .object(let members): members[String(name)]
            case .list(let values): Int(name).flatMap { values.indices.contains($0) ? values[$0] : nil }
            case .null, .boolean, .integer, .number, .string, nil: nil
            }
        }
    }
}

/// A folder that is removed when the test is over.
final class TemporaryFolder: Sendable {
    /// The folder.
    let path: String

    /// Makes a folder.
    init() throws {
        path = "\(NSTemporaryDirectory())/hotstuff-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in it and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
        return file(name)
    }

    /// The names of all files in it, hidden ones too.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Expects that some work fails, on one line, with a status and a text in it.
func expectFailure(_ status: ProgramStatus, _ text: String, _ work: () throws -> Void) {
    do {
        try work()
        Issue.record("it should have failed with \(status): \(text)")
    } catch let failure as Failure {
        #expect(failure.status == status, "\(failure.line)")
        #expect(failure.line.contains(text), "\(failure.line)")
        #expect(failure.line.hasPrefix("hotstuff: ") && failure.line.contains("; "))
        #expect(!failure.line.contains { $0.isNewline })
    } catch {
        Issue.record("another error: \(error)")
    }
}
