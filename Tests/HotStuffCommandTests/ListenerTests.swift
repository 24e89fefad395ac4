import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test("a listener is added to a running cluster, follows it, survives kill -9, and can be inspected and audited")
    func listener() async throws {
        let cluster = try Cluster()
        let before = try ClusterConfiguration.read(cluster.folder.file("net/config.json"))
        var replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "k", "before").status == 0)

        let port = try FreePorts.draw(1)[0]
        let added = try await cluster.run(
            "add-listener",
            "--config",
            "net/config.json",
            "--address",
            "127.0.0.1:\(port)"
        )
        #expect(added.status == 0, "\(added.error)")
        #expect(added.output.contains("listener 1024"))
        let after = try ClusterConfiguration.read(cluster.folder.file("net/config.json"))
        #expect(after.genesis == before.genesis)

        // One after the other, and the chain goes on.
        for id in 0..<4 {
            replicas[id].signal(SIGTERM)
            #expect(try await replicas[id].finish().status == 0)
            replicas[id] = try await cluster.start(id)
        }
        func start() async throws -> Binary {
            let listener = try Binary(cluster.runArguments(1_024), in: cluster.folder.path)
            try await listener.waitForOutput("listener 1024 beside 4 replicas is ready")
            return listener
        }
        var listener = try await start()
        try await listener.waitForLog("this is a listener")
        for number in 0..<5 { #expect(try await cluster.submit("put", "k\(number)", "v").status == 0) }
        listener.signal(SIGKILL)
        _ = try await listener.finish()
        let list = (0..<120).map { "put a\($0) b\n" }.joined()
        #expect(try await cluster.submit("--quiet", "--outstanding", "2", "--file", "-", input: list).status == 0)
        listener = try await start()
        let goal = try await cluster.height(of: 0)
        for _ in 0..<1_000 {
            if try await cluster.height(of: 1_024) >= goal { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await cluster.height(of: 1_024) >= goal)

        listener.signal(SIGTERM)
        #expect(try await listener.finish().status == 0)
        #expect(!cluster.folder.names(in: "net").contains("key_1024.json.used"))
        let audit = try await cluster.json("verify", "--data-dir", "data_1024", "--config", "net/config.json", "--json")
        #expect(audit["fault"] == .null)
        #expect(audit["replica"] == .integer(1_024))
        for replica in replicas { replica.signal(SIGTERM) }
        for replica in replicas { #expect(try await replica.finish().status == 0) }
    }

    @Test("a listener that cannot be added is refused on one line, and nothing is written")
    func noListener() async throws {
        let cluster = try Cluster()
        let names = cluster.folder.names(in: "net")
        let usage = try await cluster.run("add-listener", "--config", "net/config.json", "--address", "nowhere")
        #expect(usage.status == ProgramStatus.usage.rawValue)
        #expect(usage.errorLines.count == 1 && usage.error.contains("--address is \"nowhere\""), "\(usage.error)")
        let taken = try await cluster.run(
            "add-listener",
            "--config",
            "net/config.json",
            "--address",
            cluster.founded.configuration.replicas[2].address
        )
        #expect(taken.status == ProgramStatus.configuration.rawValue)
        #expect(taken.errorLines.count == 1 && taken.error.contains("replica 2 and listener 1024"), "\(taken.error)")
        #expect(cluster.folder.names(in: "net") == names)
        let keygen = try await Binary.run("keygen", "--listeners", "2", "--output", "./net", in: cluster.folder.path)
        #expect(keygen.status == ProgramStatus.cannotCreate.rawValue)
        let many = try await Binary.run("keygen", "--listeners", "65", "--output", "./n", in: cluster.folder.path)
        #expect(many.status == ProgramStatus.usage.rawValue)
        let fresh = try await Binary.run("keygen", "--listeners", "2", "--output", "./n", in: cluster.folder.path)
        #expect(fresh.status == 0)
        #expect(cluster.folder.names(in: "n").filter { $0.hasPrefix("key_10") } == ["key_1024.json", "key_1025.json"])
    }
}

extension Cluster {
    /// The height through which the archive of a replica, running or not, has blocks.
    fileprivate func height(of id: Int) async throws -> UInt64 {
        let report = try await json("inspect", "--data-dir", "data_\(id)", "--json")
        guard case .integer(let height) = report["archive.lastHeight"] else { return 0 }
        return height
    }
}

extension TemporaryFolder {
    /// The names of the files in a folder in it.
    fileprivate func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []).sorted()
    }
}
