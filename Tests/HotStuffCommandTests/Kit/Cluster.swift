import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration

@testable import HotStuffCommand

/// Four replicas of the built program that are started one by one.
struct Cluster {
    let folder: TemporaryFolder
    let founded: NewCluster

    init(parameters: ChainParameters = ChainParameters()) throws {
        folder = try TemporaryFolder()
        founded = try NewCluster(
            name: "by hand",
            parameters: parameters,
            host: "127.0.0.1",
            ports: try FreePorts.draw(4)
        )
        try OutputFiles(directory: folder.file("net"), files: founded.files).create()
    }

    func runArguments(_ id: Int, config: String = "net/config.json", data: String? = nil) -> [String] {
        let arguments = ["run", "--id", "\(id)", "--config", config, "--key", "net/key_\(id).json"]
        return arguments + (data.map { ["--data-dir", $0] } ?? [])
    }

    func start(_ id: Int, _ more: String...) async throws -> Binary {
        let replica = try Binary(runArguments(id) + more, in: folder.path)
        try await replica.waitForOutput("replica \(id) of 4 is ready")
        return replica
    }

    func startAll() async throws -> [Binary] {
        var replicas: [Binary] = []
        for id in 0..<4 { replicas.append(try await start(id)) }
        return replicas
    }

    func submit(_ words: String..., input: String = "") async throws -> Binary.Result {
        let arguments = ["submit", "--config", "net/config.json", "--timeout", "60"] + words
        return try await Binary(arguments, in: folder.path, input: input).finish()
    }
}
