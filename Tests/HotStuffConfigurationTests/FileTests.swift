import ConfigurationKit
import Foundation
import Testing

@testable import HotStuffConfiguration

@Suite("Files that are read, and files that are exchanged")
struct FileTests {
    @Test("a pipe is read to its end, however slowly it is filled")
    func pipe() throws {
        let pipe = Pipe()
        let writer = Thread {
            for part in ["put a 1\n", "put b 2\n"] {
                usleep(30_000)
                pipe.fileHandleForWriting.write(Data(part.utf8))
            }
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        let bytes = try InputFile.read(path, what: "a list of commands", advice: "name another")
        #expect(String(decoding: bytes, as: UTF8.self) == "put a 1\nput b 2\n")
    }

    @Test("a file that is exchanged keeps its rights and its owner; nothing else is left in the directory")
    func exchange() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("config.json", "old", mode: 0o640)
        // Only the superuser can give a file away.
        let isSuperuser = geteuid() == 0
        if isSuperuser { #expect(chown(path, 12_345, 23_456) == 0) }
        try ReplacedFile.write(Array("new".utf8), over: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(folder.names == ["config.json"])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        guard isSuperuser else { return }
        #expect(attributes[.ownerAccountID] as? Int == 12_345)
        #expect(attributes[.groupOwnerAccountID] as? Int == 23_456)
    }
}
