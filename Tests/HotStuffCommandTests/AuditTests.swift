import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test("what a killed replica leaves is shown and audited; a changed byte is named with its height and file")
    func audit() async throws {
        var parameters = ChainParameters()
        parameters.snapshotInterval = 8
        let cluster = try Cluster(parameters: parameters)
        let replicas = try await cluster.startAll()
        let list = (0..<40).map { "put key\($0) 'value \($0)'\n" }.joined()
        #expect(try await cluster.submit("--quiet", "--outstanding", "2", "--file", "-", input: list).status == 0)

        // A running replica is neither disturbed nor in the way.
        let live = try await cluster.run("inspect", "--data-dir", "data_0", "--json")
        #expect(live.status == 0, "\(live.error)")
        #expect(try await cluster.run("verify", "--data-dir", "data_0", "--config", "net/config.json").status == 0)
        #expect(try await cluster.submit("--quiet", "get", "key7").output == "value 7\n")
        for replica in replicas { replica.signal(SIGKILL) }
        for replica in replicas { _ = try await replica.finish() }

        let before = try cluster.content(of: "data_0")
        let shown = try await cluster.run("inspect", "--data-dir", "data_0")
        #expect(shown.status == 0, "\(shown.error)")
        let chain = cluster.founded.configuration.genesis.chain
        #expect(shown.output.contains("chain          \(chain)\n"))
        #expect(shown.output.contains("journal-0000000001  above block 0"))
        let json = try await cluster.json("inspect", "--data-dir", "data_0", "--json")
        #expect(json["chain"] == .string("\(chain)"))
        guard case .integer(let last) = json["archive.lastHeight"], case .list(let snapshots) = json["snapshots"] else {
            Issue.record("\(json.compactText)")
            return
        }
        #expect(last > 16)
        #expect(snapshots.count == 2)
        #expect(snapshots.allSatisfy { $0["isWhole"] == .boolean(true) })

        let block = try await cluster.run("inspect", "--data-dir", "data_0", "--height", "\(last)")
        #expect(block.output.contains("\nheight           \(last)\n"), "\(block.output)\(block.error)")
        let blockJSON = try await cluster.json("inspect", "--data-dir", "data_0", "--height", "\(last)", "--json")
        #expect(blockJSON["final"] == .boolean(true))
        #expect(blockJSON["header.height"] == .integer(last))

        let whole = try await cluster.run("verify", "--data-dir", "data_0", "--config", "net/config.json")
        #expect(whole.status == 0, "\(whole.error)")
        #expect(whole.output.hasSuffix("result        whole\n"))
        let report = try await cluster.json("verify", "--data-dir", "data_0", "--config", "net/config.json", "--json")
        #expect(report["fault"] == .null)
        #expect(report["snapshots"] == .integer(2))
        for member in ["blocks", "certificates", "signatures"] {
            guard case .integer(let count) = report[member] else {
                Issue.record("\(member) is no count in \(report.compactText)")
                continue
            }
            #expect(count >= last)
        }
        #expect(try cluster.content(of: "data_0") == before, "nothing is written")

        for prefix in ["blocks-", "snapshot-"] {
            let name = try #require(before.keys.filter { $0.hasPrefix(prefix) && !$0.hasSuffix("certificate") }.min())
            let url = URL(fileURLWithPath: cluster.folder.file("data_0/\(name)"))
            var bytes = try #require(before[name])
            bytes[bytes.count / 3] ^= 1
            try bytes.write(to: url)
            let broken = try await cluster.run("verify", "--data-dir", "data_0", "--config", "net/config.json")
            #expect(broken.status == 1)
            #expect(broken.errorLines.count == 1)
            #expect(broken.error.hasPrefix("hotstuff: height "), "\(broken.error)")
            #expect(broken.error.contains(" in data_0/\(name): "), "\(broken.error)")
            let fault = try await cluster.json(
                "verify",
                "--data-dir",
                "data_0",
                "--config",
                "net/config.json",
                "--json"
            )
            #expect(fault["fault.file"] == .string("data_0/\(name)"))
            bytes[bytes.count / 3] ^= 1
            try bytes.write(to: url)
        }
    }

    @Test("a directory that is none, empty, of another chain or of a newer program is refused on one line")
    func auditRefusals() async throws {
        let (cluster, other) = (try Cluster(), try Cluster())
        let replica = try await cluster.start(0)
        replica.signal(SIGTERM)
        #expect(try await replica.finish().status == 0)
        let foreign = other.folder.file("net/config.json")
        let config = ["--config", "net/config.json"]
        try FileManager.default.createDirectory(atPath: cluster.folder.file("empty"), withIntermediateDirectories: true)
        try cluster.folder.write("file", "")
        func expect(_ status: ProgramStatus, _ text: String, _ words: [String]) async throws {
            let result = try await Binary(words, in: cluster.folder.path).finish()
            #expect(result.status == status.rawValue, "\(words): \(result.error)")
            #expect(result.errorLines.count == 1, "\(words): \(result.error)")
            #expect(result.error.hasPrefix("hotstuff: ") && result.error.contains("; "), "\(words): \(result.error)")
            #expect(result.error.contains(text), "\(words): \(result.error)")
            #expect(result.output.isEmpty)
        }
        for command in [["inspect"], ["verify"] + config] {
            try await expect(.noInput, "there is no nowhere", command + ["--data-dir", "nowhere"])
            try await expect(.noInput, "it is no directory: file", command + ["--data-dir", "file"])
            try await expect(
                .noInput,
                "empty holds neither a journal nor an archive",
                command + ["--data-dir", "empty"]
            )
        }
        try await expect(.usage, "--height is 0", ["inspect", "--data-dir", "data_0", "--height", "0"])
        try await expect(.no, "has no block of height 9", ["inspect", "--data-dir", "data_0", "--height", "9"])
        try await expect(
            .configuration,
            "data_0/journal-0000000001 belongs to chain",
            ["verify", "--data-dir", "data_0", "--config", foreign]
        )
        try await expect(
            .noInput,
            "there is no none.json",
            ["verify", "--data-dir", "data_0", "--config", "none.json"]
        )
        let journal = URL(fileURLWithPath: cluster.folder.file("data_0/journal-0000000001"))
        var bytes = try Data(contentsOf: journal)
        bytes[8] = 9
        try bytes.write(to: journal)
        try await expect(
            .configuration,
            "data_0/journal-0000000001 has journal format 9",
            ["verify", "--data-dir", "data_0"] + config
        )
        #expect(cluster.folder.names == ["data_0", "empty", "file", "net"])
    }
}

extension Cluster {
    /// Runs the program in the cluster's folder.
    func run(_ words: String...) async throws -> Binary.Result {
        try await Binary(words, in: folder.path).finish()
    }

    /// Runs the program in the cluster's folder and reads the object that it prints.
    func json(_ words: String...) async throws -> JSONValue {
        let result = try await Binary(words, in: folder.path).finish()
        #expect(result.error.isEmpty, "\(result.error)")
        return try JSONParser.parse(Array(result.output.utf8.dropLast()))
    }

    /// All files of a folder.
    fileprivate func content(of name: String) throws -> [String: Data] {
        let path = folder.file(name)
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)"))) }
        )
    }
}
