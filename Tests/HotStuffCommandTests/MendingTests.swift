import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test(
        "a replica with a damaged block above its newest snapshot says that it waits, stops at SIGTERM, gets it, and is whole"
    )
    func mending() async throws {
        let cluster = try Cluster()
        let long = ["--segment-bytes", "65536"]
        var replicas: [Binary] = []
        for id in 0..<4 { replicas.append(try await cluster.start(id, long[0], long[1])) }
        let value = String(repeating: "v", count: 3_000)
        let list = (0..<60).map { "put key\($0) \(value)\n" }.joined()
        #expect(
            try await cluster.submit("--quiet", "--outstanding", "1", "--file", "-", input: list).status == 0
        )
        for replica in replicas { replica.signal(SIGTERM) }
        for replica in replicas { #expect(try await replica.finish().status == 0) }

        let chain = cluster.founded.configuration.genesis.chain
        let disk = try RealDisk(path: cluster.folder.file("data_2"), createIfMissing: false)
        let (file, range) = try BlockArchive.open(on: disk, chain: chain).reader.bytes(of: Height(7))
        let url = URL(fileURLWithPath: cluster.folder.file("data_2/\(file)"))
        var bytes = try Data(contentsOf: url)
        bytes[Int(range.lowerBound) + range.count / 2] ^= 16
        try bytes.write(to: url)
        #expect(try await cluster.run("verify", "--data-dir", "data_2", "--config", "net/config.json").status == 1)

        // Nobody is there: it waits, says so, and can be stopped.
        replicas[2] = try Binary(cluster.runArguments(2) + long, in: cluster.folder.path)
        try await replicas[2].waitForOutput("replica 2 of 4 repairs blocks of its archive before it starts")
        try await replicas[2].waitForLog("block 7 is damaged in ./data_2/\(file)")
        try await replicas[2].waitForLog("still waits for another replica to give damaged blocks")
        replicas[2].signal(SIGTERM)
        let stopped = try await replicas[2].finish()
        #expect(stopped.status == 0, "\(stopped.error)")
        #expect(!stopped.output.contains("is ready"))
        #expect(try Data(contentsOf: url) == bytes, "nothing is overwritten")

        replicas[2] = try Binary(cluster.runArguments(2) + long, in: cluster.folder.path)
        try await replicas[2].waitForOutput("repairs blocks")
        for id in [0, 1, 3] { replicas[id] = try await cluster.start(id, long[0], long[1]) }
        try await replicas[2].waitForOutput("replica 2 of 4 is ready")
        #expect(try await cluster.submit("put", "colour", "blue").status == 0)
        for replica in replicas { replica.signal(SIGTERM) }
        for replica in replicas { #expect(try await replica.finish().status == 0) }
        let verified = try await cluster.run("verify", "--data-dir", "data_2", "--config", "net/config.json")
        #expect(verified.status == 0, "\(verified.error)")
    }
}
