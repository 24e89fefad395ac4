import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("Real processes", .serialized)
struct EndToEndTests {
    @Test("the demo survives the kill of a replica, and says so in one JSON object")
    func demo() async throws {
        let list = (0..<400).map { "put key\($0) 'value \($0)'\n" }.joined()
        let folder = try TemporaryFolder()
        let file = try folder.write("list.txt", list)
        let result = try await Binary.run("demo", "--json", "--file", file, "--keep", folder.file("kept"))
        #expect(result.status == 0, "\(result.error)")
        #expect(result.error.isEmpty)
        let report = try JSONParser.parse(Array(result.output.utf8.dropLast()))
        #expect(report["replicas"] == .integer(4))
        #expect(report["committedCommands"] == .integer(400))
        #expect(report["restartedReplicaCaughtUp"] == .boolean(true))
        #expect(report["identicalChains"] == .boolean(true))
        #expect(report["identicalStates"] == .boolean(true))
        for member in ["seconds", "commandsPerSecond", "latencyMilliseconds.p50", "latencyMilliseconds.p99"] {
            guard case .number(let number) = report[member] else {
                Issue.record("\(member) is no number in \(result.output)")
                continue
            }
            #expect(number > 0)
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.file("kept"))
        #expect(Set(kept).isSuperset(of: ["config.json", "key_3.json", "data_3", "replica_3.log"]))
    }

    @Test("a cluster that is run by hand answers, keeps its state over a restart, and stops at SIGTERM and SIGINT")
    func byHand() async throws {
        let cluster = try Cluster()
        var replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "colour", "deep blue").output.hasPrefix("stored\n  height "))
        #expect(try await cluster.submit("--quiet", "get", "colour").output == "deep blue\n")
        let absent = try await cluster.submit("--json", "get", "nothing")
        #expect(absent.status == ProgramStatus.no.rawValue)
        let json = try JSONParser.parse(Array(absent.output.utf8.dropLast()))
        #expect(json["reply.kind"] == .string("absent"))
        #expect(json["succeeded"] == .boolean(false))
        #expect(try await cluster.submit("cas", "colour", "red", "green").status == ProgramStatus.no.rawValue)
        for (index, replica) in replicas.enumerated() { replica.signal(index.isMultiple(of: 2) ? SIGTERM : SIGINT) }
        for replica in replicas {
            let result = try await replica.finish()
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.split(separator: "\n").count == 1)
        }
        replicas = try await cluster.startAll()
        let list = "get colour\ncas colour 'deep blue' '# grey'\nget colour\nlist\ndelete colour\n"
        let answers = try await cluster.submit("--quiet", "--file", "-", input: list)
        #expect(answers.status == 0, "\(answers.error)")
        #expect(answers.output == "deep blue\nswapped\n# grey\ncolour = # grey\ndeleted\n")
    }

    @Test("with --pow whoever solves a puzzle leads: three of four go on, and clients and audits name the same chain")
    func proofOfWork() async throws {
        let cluster = try Cluster()
        var replicas: [Binary] = []
        for id in 0..<4 { replicas.append(try await cluster.start(id, "--pow", "--pow-difficulty", "10")) }
        let work = ["--pow", "--pow-difficulty", "10"]
        func submit(_ words: String...) async throws -> Binary.Result {
            let arguments = ["submit", "--config", "net/config.json", "--timeout", "60", "--quiet"] + work + words
            return try await Binary(arguments, in: cluster.folder.path).finish()
        }
        #expect(try await submit("put", "colour", "blue").output == "stored\n")
        replicas[2].signal(SIGKILL)
        #expect(try await submit("put", "colour", "red").output == "stored\n")
        #expect(try await submit("get", "colour").output == "red\n")
        let other = ["submit", "--config", "net/config.json", "--timeout", "1", "get", "colour"]
        #expect(
            try await Binary(other, in: cluster.folder.path).finish().status == ProgramStatus.unavailable.rawValue
        )
        for index in [0, 1, 3] { replicas[index].signal(SIGTERM) }
        for index in [0, 1, 3] { #expect(try await replicas[index].finish().status == 0) }
        let audit = ["verify", "--data-dir", "data_0", "--config", "net/config.json", "--json"] + work
        let verified = try await Binary(audit, in: cluster.folder.path).finish()
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        let block = try await Binary(
            ["inspect", "--data-dir", "data_0", "--height", "1", "--json"],
            in: cluster.folder.path
        ).finish()
        let header = try JSONParser.parse(Array(block.output.utf8.dropLast()))
        #expect(header["header.work.difficulty"] != nil && header["header.work.nonce"] != nil)
    }

    @Test("a port, a data directory or a chain that belongs to another is refused on one line")
    func conflicts() async throws {
        let cluster = try Cluster()
        let first = try await cluster.start(0)
        let portInUse = try await Binary(cluster.runArguments(0, data: "elsewhere"), in: cluster.folder.path).finish()
        #expect(portInUse.status == ProgramStatus.unavailable.rawValue)
        #expect(portInUse.errorLines.last?.contains("is in use by another program; stop that program") == true)

        // The same replica at another port finds its data directory in use.
        var moved = cluster.founded.configuration.json
        moved = moved.changing("replicas.0.port", to: .integer(UInt64(try FreePorts.draw(1)[0])))
        try cluster.folder.write("moved.json", moved.prettyText)
        let inUse = try await Binary(cluster.runArguments(0, config: "moved.json"), in: cluster.folder.path).finish()
        #expect(inUse.status == ProgramStatus.temporary.rawValue)
        #expect(inUse.errorLines.last?.contains("is in use by process") == true)
        first.signal(SIGTERM)
        #expect(try await first.finish().status == 0)

        let other = try Cluster()
        let arguments = other.runArguments(0, data: cluster.folder.file("data_0"))
        let foreign = try await Binary(arguments, in: other.folder.path).finish()
        #expect(foreign.status == ProgramStatus.configuration.rawValue)
        #expect(foreign.errorLines.last?.contains("belongs to chain") == true)
        for result in [portInUse, inUse, foreign] {
            #expect(result.errorLines.count { $0.hasPrefix("hotstuff: ") } == 1, "\(result.error)")
            #expect(result.errorLines.count == 1, "\(result.error)")
            #expect(result.output.isEmpty)
        }
        #expect(!cluster.folder.names.contains("elsewhere"))
    }

    @Test("a replica stops when the one who started it is gone")
    func orphan() async throws {
        let cluster = try Cluster()
        // The file that is its standard input ends at once.
        let arguments = cluster.runArguments(0) + ["--stop-at-end-of-input"]
        let result = try await Binary(arguments, in: cluster.folder.path).finish()
        #expect(result.status == 0, "\(result.error)")
    }
}
