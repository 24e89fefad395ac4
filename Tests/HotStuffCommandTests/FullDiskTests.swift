import ConfigurationKit
import Foundation
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test("a replica that has no room to write stops with one line, and goes on with nothing lost when there is room")
    func fullDisk() async throws {
        let cluster = try Cluster()
        var replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "k0", "before").status == 0)
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)

        // Its journal and its archive may have a few blocks more.
        let limit = 300_000
        replicas[3] = try Binary(cluster.runArguments(3), in: cluster.folder.path, fileLimit: limit)
        try await replicas[3].waitForOutput("replica 3 of 4 is ready")
        var written = 0
        while replicas[3].isRunning, written < 400 {
            written += 1
            #expect(try await cluster.submit("put", "k\(written)", "meanwhile").status == 0)
        }
        let full = try await replicas[3].finish()
        #expect(full.status == ProgramStatus.inputOutput.rawValue, "\(full.error)")
        let complaints = full.errorLines.filter { $0.hasPrefix("hotstuff: ") }
        #expect(complaints.count == 1 && full.errorLines.last == complaints.first, "\(full.error)")
        let line = String(complaints.first ?? "")
        #expect(
            line.hasPrefix("hotstuff: replica 3 failed: cannot write ") && line.contains("/data_3/"),
            "\(line)"
        )
        #expect(line.contains("; check the disk, then start it again"), "\(line)")

        // The three others go on, and it does not as long as there is no room.
        #expect(try await cluster.submit("put", "k", "without it").status == 0)
        let again = try await Binary(cluster.runArguments(3), in: cluster.folder.path, fileLimit: limit).finish()
        #expect(again.status == ProgramStatus.inputOutput.rawValue, "\(again.error)")
        #expect(again.errorLines.count { $0.hasPrefix("hotstuff: ") } == 1, "\(again.error)")

        replicas[3] = try await cluster.start(3)
        // Three are needed for every block from now on, and it is one of the three.
        replicas[0].signal(SIGKILL)
        _ = try await replicas[0].finish()
        #expect(try await cluster.submit("put", "k", "after").status == 0)
        #expect(try await cluster.submit("--quiet", "get", "k0").output == "before\n")
        #expect(try await cluster.submit("--quiet", "get", "k\(written)").output == "meanwhile\n")
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)
        let arguments = ["verify", "--data-dir", "data_3", "--config", "net/config.json"]
        let verified = try await Binary(arguments, in: cluster.folder.path).finish()
        #expect(verified.status == 0, "\(verified.error)")
    }
}
