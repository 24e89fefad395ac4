import ConfigurationKit
import Foundation
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test(
        "a replica that was away for a hundred blocks gets them in ranges, takes part again, and its chain stands the audit"
    )
    func catchesUp() async throws {
        let cluster = try Cluster()
        var replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "k", "first").status == 0)
        replicas[3].signal(SIGKILL)
        _ = try await replicas[3].finish()
        for number in 0..<30 { #expect(try await cluster.submit("put", "k\(number)", "away").status == 0) }
        replicas[3] = try await cluster.start(3)
        // Three are needed for every block from now on, and it is one of the three.
        replicas[0].signal(SIGKILL)
        _ = try await replicas[0].finish()
        #expect(try await cluster.submit("put", "k", "last").status == 0)
        #expect(try await cluster.submit("--quiet", "get", "k17").output == "away\n")
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)
        let arguments = ["verify", "--data-dir", "data_3", "--config", "net/config.json", "--json"]
        let verified = try await Binary(arguments, in: cluster.folder.path).finish()
        #expect(verified.status == 0, "\(verified.error)")
        let report = try JSONParser.parse(Array(verified.output.utf8.dropLast()))
        guard case .integer(let blocks) = report["blocks"], case .integer(let certificates) = report["certificates"]
        else {
            Issue.record("no counts in \(verified.output)")
            return
        }
        #expect(blocks > 60)
        #expect(certificates < 2 * blocks, "most blocks came without certificates of their parents")
    }

    @Test("the benchmark of sync brings a replica without anything to the end of a chain")
    func benchmark() async throws {
        let folder = try TemporaryFolder()
        let result = try await Binary(["bench", "sync", "--blocks", "700", "--json"], in: folder.path).finish()
        #expect(result.status == 0, "\(result.error)")
        let report = try JSONParser.parse(Array(result.output.utf8.dropLast()))
        #expect(report["blocks"] == .integer(700))
        let refused = try await Binary(["bench", "sync", "--blocks", "3"], in: folder.path).finish()
        #expect(refused.status == 64)
        #expect(refused.error.contains("--blocks is 3; choose 100 to 10000000"))
    }
}
