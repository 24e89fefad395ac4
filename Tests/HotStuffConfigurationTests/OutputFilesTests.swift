import ConfigurationKit
import Foundation
import Testing

@testable import HotStuffConfiguration

@Suite("Files that keygen writes")
struct OutputFilesTests {
    private func files(in folder: TemporaryFolder) -> OutputFiles {
        OutputFiles(
            directory: folder.file("net"),
            files: [
                .init(name: "a", content: Array("first".utf8), mode: 0o600),
                .init(name: "b", content: [], mode: 0o644),
                .init(name: "c", content: Array("third".utf8), mode: 0o644),
            ]
        )
    }

    @Test("they appear whole, with their modes, and nothing beside them")
    func creation() throws {
        let folder = try TemporaryFolder()
        let files = files(in: folder)
        try files.create()
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.directory).sorted() == ["a", "b", "c"])
        #expect(try String(contentsOfFile: files.path("a"), encoding: .utf8) == "first")
        let mode = try FileManager.default.attributesOfItem(atPath: files.path("a"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("an existing file is not overwritten, and no other is written", arguments: ["a", "b", "c"])
    func existing(name: String) throws {
        let folder = try TemporaryFolder()
        let files = files(in: folder)
        try FileManager.default.createDirectory(atPath: files.directory, withIntermediateDirectories: true)
        try folder.write("net/\(name)", "precious")
        expectError(.notCreated, "\(files.path(name)) exists already") { try files.create() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.directory) == [name])
        #expect(try String(contentsOfFile: files.path(name), encoding: .utf8) == "precious")
    }

    @Test("when one cannot be made, those before it are removed again")
    func allOrNone() throws {
        let folder = try TemporaryFolder()
        let files = OutputFiles(
            directory: folder.file("net"),
            files: [
                .init(name: "a", content: [1], mode: 0o600),
                .init(name: "no/such/folder", content: [2], mode: 0o600),
            ]
        )
        expectError(.notCreated, "no/such/folder") { try files.create() }
        #expect(folder.names.isEmpty)
    }

    @Test("a directory below a file cannot be created")
    func belowFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "")
        let files = OutputFiles(directory: folder.file("file/net"), files: [])
        expectError(.notCreated, "cannot be created") { try files.create() }
    }
}
