import Foundation
import HotStuff
import HotStuffConfiguration

/// Four processes, of which one has a file system of a few megabytes, until it is full; then it gets more room.
///
/// The file system is in memory, and mounted for the trial: who runs this must be allowed to, and have mounts of its own.
package enum FullDiskTrial {
    /// Fills the disk, sees the replica stop, and sees it come back with nothing lost.
    ///
    /// - Parameters:
    ///   - path: an empty folder for all files.
    ///   - program: the program.
    /// - Returns: what is not as it should be, a line each.
    /// - Throws: that nothing can be mounted, or a process cannot be started.
    package static func run(in path: String, program: ReplicaProgram) async throws -> [String] {
        let folder = try ProcessFolder(path, name: "full", replicas: 4, snapshotInterval: 50)
        let data = folder.dataDirectory(of: 3)
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
        try run("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", data)
        var runs: [ReplicaRun] = []
        for replica in folder.replicas { runs.append(try ReplicaRun(replica, in: folder, by: program)) }
        defer { for run in runs { run.kill() } }
        let load = try Workload(folder.configuration)
        let work = Task { await load.run(atOnce: 16, rest: .milliseconds(2)) }
        var violations: [String] = []
        func check(_ run: ReplicaRun, within time: Duration, _ place: String) async {
            guard await run.hasEnded(within: time) else {
                violations.append("\(place) it does not stop")
                return run.kill()
            }
            let complaints = run.complaints
            if run.end != .status(74) || complaints.count != 1
                || complaints.first?.contains("No space left on device") != true || run.log.last != complaints.first
            {
                violations.append("\(place) it ended with \(run.end): \(complaints)")
            }
        }
        await check(runs[3], within: .seconds(120), "on a full disk")
        // There is still no room: whether it starts or not, it does not stay.
        runs[3] = try ReplicaRun(3, in: folder, by: program)
        await check(runs[3], within: .seconds(60), "on a disk that is still full")
        try run("mount", "-o", "remount,size=1g", data)
        runs[3] = try ReplicaRun(3, in: folder, by: program)
        try await Task.sleep(for: .seconds(1))
        load.finish()
        await work.value
        violations += load.problems
        var agreed: ReplicaStatus?
        let deadline = ContinuousClock.now + .seconds(60)
        while agreed == nil, ContinuousClock.now < deadline {
            agreed = await load.agreement(of: folder.replicas)
            try await Task.sleep(for: .milliseconds(20))
        }
        if agreed == nil { violations.append("with room again, the replicas do not reach one state") }
        await load.stop()
        for run in runs { run.terminate() }
        for run in runs where !(await run.hasEnded(within: .seconds(60))) { run.kill() }
        violations += try ChainCheck(of: folder, acknowledged: load.acknowledged, told: agreed).violations
        try run("umount", data)
        return violations
    }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw KillHuntError("\(words.joined(separator: " ")) failed") }
    }
}
