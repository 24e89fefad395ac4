import ConfigurationKit
import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration
import HotStuffReplica
import Logging
import NIOPosix
import Testing

@testable import HotStuffCommand

/// An application that one command brings down, and that counts the others.
private struct FragileMachine: StateMachine {
    static let poison = Array("poison".utf8)
    static let count = Array("count".utf8)

    private var executed: UInt8 = 0

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        commands.map { command in
            precondition(command.body != Self.poison, "a command that brings the application down")
            executed += 1
            return Reply([executed])
        }
    }
}

@Suite("A process whose application traps", .serialized)
struct PoisonTests {
    /// Runs the only replica of a cluster with the fragile application, as a program of somebody else would.
    private static func start(_ folder: String, skipping keys: [CommandKey] = []) async throws -> Replica {
        let cluster = try ClusterConfiguration.read("\(folder)/config.json")
        let key = "\(folder)/key_0.json"
        return try await Replica.start(
            ReplicaConfiguration(
                genesis: cluster.genesis,
                replica: ReplicaID(0),
                peers: cluster.peers,
                settings: cluster.settings,
                dataDirectory: "\(folder)/data_0",
                keyMark: KeyFile.markPath(of: key),
                skippedCommands: keys
            ),
            signer: try KeyFile.read(key).signer,
            machine: FragileMachine(),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "fragile") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Submits commands one after the other and gives the replies.
    private static func submit(_ bodies: [[UInt8]], to folder: String) async throws -> [[UInt8]] {
        let file = "\(folder)/config.json"
        let cluster = try ClusterConfiguration.read(file)
        let client = try ClusterClient(cluster, file: file, timeout: .seconds(60), outstanding: 1)
        var replies: [[UInt8]] = []
        for body in bodies { replies.append(try await client.client.submit(body).reply) }
        await client.stop()
        return replies
    }

    @Test(
        "dies of the command twice; then it does not start, with status 70 and a line that names command and height, until the command is skipped"
    )
    func poison() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("net")
        let founded = try NewCluster(name: "fragile", host: "127.0.0.1", ports: try FreePorts.draw(1))
        try OutputFiles(directory: path, files: founded.files).create()

        // The command comes, and the process is gone.
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let replica = try? await PoisonTests.start(path)
            _ = try? await PoisonTests.submit([FragileMachine.count, FragileMachine.poison], to: path)
            await replica?.stop()
        }
        // It starts again, and is gone before it answers anybody.
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let replica = try? await PoisonTests.start(path)
            _ = try? await PoisonTests.submit([FragileMachine.count], to: path)
            await replica?.stop()
        }
        // The third process is this one, and must not die.
        let error = await #expect(throws: ReplicaError.self) { try await Self.start(path) }
        guard case .poisoned(let command, let height)? = error else {
            Issue.record("it starts, or says \(String(describing: error))")
            return
        }
        #expect(command.key.name == "1.0/2")
        let failure = Failure(try #require(error), dataDirectory: "\(path)/data_0")
        #expect(failure.status == .software && failure.status.rawValue == 70)
        #expect(failure.line.contains("command 1.0/2 ") && failure.line.contains("height \(height)"), "\(failure.line)")
        #expect(failure.line.contains("--skip-command 1.0/2"), "\(failure.line)")

        for keys in [[command.key], []] {
            let replica = try await Self.start(path, skipping: keys)
            // Of the commands before only one was executed; what is skipped was not.
            let replies = try await Self.submit([FragileMachine.count], to: path)
            #expect(replies == [[keys.isEmpty ? 3 : 2]])
            await replica.stop()
        }
    }
}
