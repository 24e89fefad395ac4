import ConfigurationKit
import Foundation
import HotStuffStorage
import Testing

@testable import KillKit

@Suite("whoever keeps the journals of processes that are killed")
struct JournalKeeperTests {
    private let temporary: TemporaryFolder
    private let folder: ProcessFolder
    private let keeper: JournalKeeper

    init() throws {
        temporary = try TemporaryFolder()
        folder = try ProcessFolder(temporary.path, name: "kept", replicas: 4, snapshotInterval: 50)
        keeper = JournalKeeper(of: folder)
        try FileManager.default.createDirectory(
            atPath: folder.dataDirectory(of: 2),
            withIntermediateDirectories: true
        )
    }

    private func path(of number: UInt64) -> String {
        "\(folder.dataDirectory(of: 2))/\(JournalSegment.name(of: number))"
    }

    private func begin(_ numbers: UInt64...) throws {
        for number in numbers { try Data("\(number)".utf8).write(to: URL(fileURLWithPath: path(of: number))) }
    }

    private func remove(_ numbers: UInt64...) throws {
        for number in numbers { try FileManager.default.removeItem(atPath: path(of: number)) }
    }

    /// What is shown: the contents of each directory, and whether it is behind a hole.
    private func take() throws -> [String] {
        var shown: [String] = []
        try keeper.take(2) { directory, isBehindHole in
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            let texts = try names.map { try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8) }
            shown.append((isBehindHole ? "hole " : "") + texts.joined(separator: " "))
        }
        return shown
    }

    @Test("shows the last segment again, for it is written on, and all that came after it")
    func goesOn() throws {
        try begin(1, 2)
        #expect(try take() == ["1 2"])
        let file = try #require(FileHandle(forWritingAtPath: path(of: 2)))
        try file.seekToEnd()
        try file.write(contentsOf: Data("+".utf8))
        try file.close()
        try begin(3)
        #expect(try take() == ["2+ 3"])
        #expect(try take() == ["3"])
    }

    @Test("shows what its replica has removed, and says which segments it never saw")
    func holes() throws {
        try begin(1, 2)
        #expect(try take() == ["1 2"])
        try remove(1, 2)
        try begin(5, 6, 8)
        #expect(try take() == ["2", "hole 5 6", "hole 8"])
        try remove(5, 6)
        #expect(try take() == ["8"])
    }

    @Test("says that there were segments before the first one that it saw")
    func firstHole() throws {
        #expect(try take() == [])
        try begin(3)
        #expect(try take() == ["hole 3"])
        #expect(try take() == ["3"])
    }
}
