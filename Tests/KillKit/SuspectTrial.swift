import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// A cluster of one process, killed inside the execution of a command until it names the command.
///
/// To the process that starts next, it is as if the application had crashed on it.
package enum SuspectTrial {
    /// Kills it twice at the mark of a command, and sees it refuse to start, and start without the command.
    ///
    /// - Parameters:
    ///   - path: an empty folder for all files.
    ///   - program: the program, with the library that kills.
    /// - Returns: what is not as it should be, a line each.
    /// - Throws: that a process cannot be started.
    package static func run(in path: String, program: ReplicaProgram) async throws -> [String] {
        let folder = try ProcessFolder(path, name: "suspect", replicas: 1, snapshotInterval: 50)
        let load = try Workload(folder.configuration)
        let first = try ReplicaRun(0, in: folder, by: program)
        _ = try await load.client.submit(Workload.body(1))
        first.terminate()
        guard await first.hasEnded(within: .seconds(20)), first.end == .status(0) else {
            return ["a replica does not stop: \(first.complaints)"]
        }
        for crash in 1...2 {
            let run = try ReplicaRun(
                0,
                in: folder,
                by: program,
                until: KillPoint(.write, number: 1, .after, of: "executing")
            )
            guard await run.hasEnded(within: .seconds(20)), case .killedInside = run.end else {
                run.kill()
                return ["crash \(crash) at the mark of a command did not come"]
            }
        }
        var violations: [String] = []
        let refusal = try ReplicaRun(0, in: folder, by: program)
        _ = await refusal.hasEnded(within: .seconds(20))
        refusal.kill()
        let line = refusal.complaints.first ?? "nothing"
        if refusal.end != .status(70) || !line.contains("crashes on command 1.0/1 ") || !line.contains(" height ")
            || !line.contains("--skip-command 1.0/1") || refusal.complaints.count != 1
        {
            violations.append("after two crashes on a command a replica ended with \(refusal.end): \(line)")
        }
        for more in [["--skip-command", "1.0/1"], []] {
            let run = try ReplicaRun(0, in: folder, by: program, more: more)
            let receipt = try await load.client.submit(KeyValueCommand.get(key: Array("key1".utf8)).encoded)
            if try KeyValueReply(decoding: receipt.reply) != .absent {
                violations.append("a skipped command was executed")
            }
            run.terminate()
            _ = await run.hasEnded(within: .seconds(20))
        }
        await load.stop()
        return violations
    }
}
