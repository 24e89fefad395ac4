import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration
import PostQuantum

/// How much memory four replicas, real processes on this machine, have while the chain grows and old blocks go.
struct MemoryBenchmark {
    let blocks: UInt64
    let snapshotInterval: UInt64
    let durability: DurabilityOption
    let keep: KeepPolicy

    /// So many commands are on their way at a time, each in a block of its own.
    private static let outstanding = 64
    /// Written again and again, so that the state does not grow.
    private static let keyCount: UInt64 = 1_000
    /// At so many heights the memory is looked at, equally far apart.
    private static let sampleCount: UInt64 = 10

    /// Runs a cluster until it has made so many blocks.
    func run(_ progress: ProgressLine) async throws -> MemoryReport {
        let testnet = try Testnet(
            replicas: 4,
            scheme: .standard,
            parameters: ChainParameters(maximumCommandsPerBlock: 1, snapshotInterval: snapshotInterval),
            keep: keep,
            keptIn: nil
        )
        defer { testnet.remove() }
        let ids = testnet.configuration.replicas.map(\.id)
        let processes = ReplicaProcesses(of: testnet, durability: durability)
        defer { processes.killAll() }
        let client = try ClusterClient(
            testnet.configuration,
            file: testnet.configurationFile,
            timeout: .seconds(60),
            outstanding: Self.outstanding
        )
        for id in ids { try processes.start(id) }
        let begin = ContinuousClock.now
        var samples: [MemoryReport.Sample] = []
        var height: UInt64 = 0
        var written: UInt64 = 0
        while height < blocks {
            let next = blocks * UInt64(samples.count + 1) / Self.sampleCount
            // Blocks without commands come besides, so the height is asked for and not counted.
            let portion = min(500, max(1, next - min(next, height)))
            try await submit(written..<written + portion, client.client)
            written += portion
            try processes.checkAllRun()
            height = try await lowestHeight(of: ids, client.client)
            progress.show("height \(height) of \(blocks)")
            if height >= next {
                samples.append(MemoryReport.Sample(height: height, megabytes: ids.map(processes.megabytes)))
            }
        }
        let elapsed = ContinuousClock.now - begin
        let restart = try await restart(ids[0], processes, client.client)
        let disk = try ids.map { try Self.byteCount(of: testnet.dataDirectory(of: $0)) }
        await client.stop()
        _ = await processes.stopAll(within: .seconds(20))
        return MemoryReport(
            blocks: height,
            seconds: elapsed / .seconds(1),
            samples: samples,
            diskBytes: disk,
            restartSeconds: restart / .seconds(1)
        )
    }

    private func submit(_ numbers: Range<UInt64>, _ client: HotStuffClient) async throws {
        let commands = numbers.map { number in
            WrittenCommand(
                text: "put \(number)",
                command: .put(key: Array("key \(number % Self.keyCount)".utf8), value: Array("value \(number)".utf8))
            )
        }
        try await Submission(client: client, outstanding: Self.outstanding).run(commands) { _ in }
    }

    /// Crashes a replica, starts it again, and tells how long it takes until it answers.
    private func restart(
        _ replica: ReplicaID,
        _ processes: ReplicaProcesses,
        _ client: HotStuffClient
    ) async throws -> Duration {
        await processes.crash(replica)
        let begin = ContinuousClock.now
        try processes.start(replica)
        while await client.status(of: replica, timeout: .milliseconds(100)) == nil {
            try processes.checkAllRun()
            guard ContinuousClock.now < begin + .seconds(120) else {
                throw Failure(.unavailable, "replica \(replica) does not start again", advice: "try fewer --blocks")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return ContinuousClock.now - begin
    }

    private func lowestHeight(of replicas: [ReplicaID], _ client: HotStuffClient) async throws -> UInt64 {
        var lowest = UInt64.max
        for replica in replicas {
            guard let status = await client.status(of: replica, timeout: .seconds(20)) else {
                throw Failure(.unavailable, "replica \(replica) does not answer", advice: "try fewer --blocks")
            }
            lowest = min(lowest, status.executed.height.rawValue)
        }
        return lowest
    }

    private static func byteCount(of directory: String) throws -> UInt64 {
        try FileManager.default.contentsOfDirectory(atPath: directory).reduce(0) { sum, name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
            return sum + (attributes[.size] as? UInt64 ?? 0)
        }
    }
}
