import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import PostQuantum

/// How fast, and with how much memory, a replica takes a large state from others: snapshot, messages, disk and start, in one process.
struct StateBenchmark {
    /// The length of the state.
    let stateBytes: UInt64
    /// Where the files are meanwhile; the system's folder for temporary files if none is named.
    let directory: String?
    var scheme = SignatureScheme.standard

    /// Makes the state, hands it over, loads it, and removes all files.
    func run(_ progress: ProgressLine) throws -> StateReport {
        let parent = directory ?? FileManager.default.temporaryDirectory.path
        let folder = URL(fileURLWithPath: parent).appendingPathComponent("hotstuff-state-\(UUID().uuidString)")
        let pledge = Interruption.pledge { try? FileManager.default.removeItem(at: folder) }
        defer {
            try? FileManager.default.removeItem(at: folder)
            pledge.takeBack()
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        } catch {
            throw Failure(.cannotCreate, "no folder can be made in \(parent)", advice: "name one with --directory")
        }
        let there = try RealDisk(path: folder.appendingPathComponent("server").path, createIfMissing: true)
        let here = try RealDisk(path: folder.appendingPathComponent("newcomer").path, createIfMissing: true)
        var server = try StateServer(stateBytes: stateBytes, scheme: scheme, on: there, progress: progress.show)
        let pool = try VerificationPool(threadCount: VerificationPool.defaultThreadCount)
        defer { pool.stop() }
        let memory = ResidentMemory.own
        let before = memory.megabytes
        memory.forgetPeak()
        var sampled = before
        let begin = ContinuousClock.now
        var taker = try StateTaker(server, on: here, pool: pool)
        try taker.take(from: &server) { reached in
            sampled = max(sampled, memory.megabytes)
            progress.show("taking chunk \(reached.chunkCount) of \(reached.totalCount)")
        }
        let taken = ContinuousClock.now
        progress.show("loading the state")
        let loaded = try taker.load()
        let end = ContinuousClock.now
        let after = memory.megabytes
        return StateReport(
            stateBytes: stateBytes,
            snapshotBytes: server.snapshotBytes,
            receivedBytes: taker.receivedBytes,
            transferSeconds: (taken - begin) / .seconds(1),
            loadSeconds: (end - taken) / .seconds(1),
            residentMegabytes: StateReport.Memory(
                before: before,
                peak: max(sampled, after, memory.peakMegabytes),
                after: after
            ),
            statesEqual: loaded.executed == server.executed && loaded.state == server.stateDigest
        )
    }
}
