import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration
import PostQuantum

/// How fast a replica without anything gets a long chain from three others, real processes on this machine.
struct SyncBenchmark {
    let blocks: UInt64
    let blockSize: Int
    let scheme: SignatureScheme

    private static let patience: Duration = .seconds(600)

    /// Writes the chain, starts three replicas with it and one without, and waits until that one has it.
    func run(_ progress: ProgressLine) async throws -> SyncReport {
        let testnet = try Testnet(replicas: 4, scheme: scheme, keptIn: nil)
        defer { testnet.remove() }
        let ids = testnet.configuration.replicas.map(\.id)
        let chain = try BenchChain(blocks: blocks, blockSize: blockSize, for: testnet)
        try chain.write(for: Array(ids.dropLast())) { progress.show("writing the chain: \($0) of \(blocks) blocks") }
        let processes = ReplicaProcesses(of: testnet, durability: .powerLoss)
        defer { processes.killAll() }
        let client = try ClusterClient(
            testnet.configuration,
            file: testnet.configurationFile,
            timeout: .seconds(5),
            outstanding: 1
        )
        let restartBegin = ContinuousClock.now
        try processes.start(ids[0])
        _ = try await wait(for: ids[0], client, processes, progress)
        let restart = ContinuousClock.now - restartBegin
        for id in ids[1...2] { try processes.start(id) }
        var states: [ExecutedState] = []
        for id in ids[1...2] { states.append(try await wait(for: id, client, processes, progress)) }
        let begin = ContinuousClock.now
        try processes.start(ids[3])
        states.append(try await wait(for: ids[3], client, processes, progress))
        let elapsed = ContinuousClock.now - begin
        guard states.allSatisfy({ $0 == states[0] || $0.height != states[0].height }) else {
            throw Failure(
                .software,
                "replica \(ids[3]) executed the chain and has another state than those whom it got it from",
                advice: "please report this, with the command line"
            )
        }
        let memory = processes.peakMegabytes(of: ids[3])
        await client.stop()
        _ = await processes.stopAll(within: .seconds(20))
        return SyncReport(
            blocks: blocks,
            blockSize: blockSize,
            seconds: elapsed / .seconds(1),
            residentMegabytes: memory,
            restartSeconds: restart / .seconds(1)
        )
    }

    /// Waits until a replica has executed all blocks, and gives its state.
    private func wait(
        for replica: ReplicaID,
        _ client: ClusterClient,
        _ processes: ReplicaProcesses,
        _ progress: ProgressLine
    ) async throws -> ExecutedState {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            try processes.checkAllRun()
            if let status = await client.client.status(of: replica, timeout: .milliseconds(100)) {
                if status.executed.height.rawValue >= blocks { return status.executed }
                progress.show("replica \(replica): \(status.executed.height) of \(blocks) blocks")
            }
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .unavailable,
                    "replica \(replica) did not get \(blocks) blocks within \(Self.patience)",
                    advice: "try fewer --blocks"
                )
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
