import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test("a chain whose disks are lost but one goes on from that one with hotstuff recover, on another chain")
    func recover() async throws {
        let cluster = try Cluster()
        let replicas = try await cluster.startAll()
        for number in 0..<4 { #expect(try await cluster.submit("put", "k\(number)", "v\(number)").status == 0) }
        for replica in replicas { replica.signal(SIGTERM) }
        for replica in replicas { #expect(try await replica.finish().status == 0) }
        for index in 0..<3 { try FileManager.default.removeItem(atPath: cluster.folder.file("data_\(index)")) }

        let base = ["recover", "--config", "net/config.json", "--data-dir", "data_3", "--out", "next/chain"]
        func run(_ arguments: [String]) async throws -> Binary.Result {
            try await Binary(arguments, in: cluster.folder.path).finish()
        }
        let asked = try await run(base)
        #expect(asked.status == ProgramStatus.usage.rawValue)
        #expect(asked.error.contains("standard input is no terminal; run it on a terminal, or with --yes"))
        #expect(!cluster.folder.names.contains("next"))

        let result = try await run(base + ["--yes", "--json"])
        #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
        let report = try JSONParser.parse(Array(result.output.utf8.dropLast()))
        #expect(report["epoch"] == .integer(1) && report["isNeedless"] == .boolean(false))
        #expect(report["directories.0.replica"] == .integer(3))
        let again = try await run(base + ["--yes"])
        #expect(again.status == ProgramStatus.cannotCreate.rawValue && again.errorLines.count == 1)
        #expect(again.error.contains("next/chain exists already"))
        let names = try FileManager.default.contentsOfDirectory(atPath: cluster.folder.file("next"))
        #expect(names == ["chain"])

        let config = "next/chain/config.json"
        let empty = try await run(cluster.runArguments(0, config: config, data: "empty"))
        #expect(empty.status == ProgramStatus.noInput.rawValue, "\(empty.error)")
        #expect(empty.errorLines.last?.contains("copy into it the data that hotstuff recover wrote") == true)
        var others: [Binary] = []
        for id in 0..<4 {
            let data = cluster.folder.file("new_\(id)")
            try FileManager.default.copyItem(atPath: cluster.folder.file("next/chain/data"), toPath: data)
            let replica = try Binary(cluster.runArguments(id, config: config, data: data), in: cluster.folder.path)
            try await replica.waitForOutput("replica \(id) of 4 is ready")
            others.append(replica)
        }
        let get = try await run(["submit", "--config", config, "--timeout", "60", "--quiet", "get", "k3"])
        #expect(get.status == 0 && get.output == "v3\n", "\(get.error)")
        #expect(try await run(["submit", "--config", config, "--timeout", "60", "put", "k", "w"]).status == 0)
        let running = try await run(
            ["recover", "--config", config, "--data-dir", "new_1", "--out", "more", "--yes"]
        )
        #expect(running.status == ProgramStatus.temporary.rawValue, "\(running.error)")
        #expect(running.errorLines.last?.contains("new_1 is in use by process") == true)
        for replica in others { replica.signal(SIGTERM) }
        for replica in others { #expect(try await replica.finish().status == 0) }
        for id in 0..<4 {
            let audit = try await run(["verify", "--data-dir", "new_\(id)", "--config", config])
            #expect(audit.status == 0, "\(audit.error)")
        }
        for directory in ["new_2", "next/chain/data"] {
            let shown = try await run(["inspect", "--data-dir", directory])
            guard case .string(let chain) = report["chain"] else { throw CancellationError() }
            #expect(shown.status == 0 && shown.output.contains(chain), "\(shown.error)")
        }
        // There is no way back, and the old directory is the old chain's.
        let back = try await run(cluster.runArguments(3, data: "data_3"))
        #expect(back.status == ProgramStatus.configuration.rawValue, "\(back.error)")
        let foreign = try await run(["recover", "--config", config, "--data-dir", "data_3", "--out", "more", "--yes"])
        #expect(foreign.status == ProgramStatus.configuration.rawValue && foreign.errorLines.count == 1)

        // Those of a quorum go on by themselves.
        let quorum = [
            "recover", "--config", config, "--out", "more", "--yes", "--data-dir", "new_0", "--data-dir", "new_1",
            "--data-dir", "new_2",
        ]
        let needless = try await run(quorum)
        #expect(needless.status == ProgramStatus.usage.rawValue)
        #expect(needless.error.contains("the chain goes on by itself; nothing was written; --anyway"))
        #expect(!cluster.folder.names.contains("more"))
        #expect(try await run(quorum + ["--anyway"]).status == 0)
        #expect(cluster.folder.names.contains("more"))
    }

    @Test(
        "what recover cannot do it says on one line",
        arguments: [
            (["--data-dir", "none", "--yes"], ProgramStatus.noInput, "there is no none"),
            (["--yes"], .usage, "there is no --data-dir"),
            (["--data-dir", "net", "--data-dir", "./net/", "--yes"], .usage, "--data-dir names ./net/ twice"),
            (["--data-dir", "net", "--json"], .usage, "--json asks nothing"),
            (["--data-dir", "net", "--yes"], .data, "no certificate of a quorum was found"),
            (["--data-dir", "net", "--yes", "--validators", "none.json"], .noInput, "there is no none.json"),
            (["--data-dir", "net/config.json", "--yes"], .noInput, "it is no directory: net/config.json"),
            (["--data-dir", "net", "--yes", "--skip-command", "x"], .usage, "--skip-command"),
        ] as [([String], ProgramStatus, String)]
    )
    func refusedRecovery(arguments: [String], status: ProgramStatus, text: String) async throws {
        let cluster = try Cluster()
        let all = ["recover", "--config", "net/config.json", "--out", "next"] + arguments
        let result = try await Binary(all, in: cluster.folder.path).finish()
        #expect(result.status == status.rawValue, "\(result.error)")
        #expect(result.errorLines.count == 1 && result.error.contains(text), "\(result.error)")
        #expect(cluster.folder.names == ["net"])
    }
}
