import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// Four processes under load, killed over and over; in the end nothing that was confirmed may be missing, and nobody may have
/// contradicted itself.
package final class KillHunt {
    private let folder: ProcessFolder
    private let keeper: JournalKeeper
    private let program: ReplicaProgram
    private let kills: Int
    private let tell: (String) -> Void
    private var random: RandomNumbers
    private var runs: [ReplicaRun] = []
    private var ledger: StatementLedger
    private var report = KillReport()
    /// The heights and so on at which all stood last.
    private var agreed: ReplicaStatus?

    /// Whether journals lose their ends while their replicas are dead, which must not escape the hunt.
    package var cutsJournals = false

    /// How long all together may need to reach one state.
    private static let patience = Duration.seconds(90)

    /// Founds a cluster.
    ///
    /// - Parameters:
    ///   - path: an empty folder for all files.
    ///   - program: the program that is killed.
    ///   - kills: how often.
    ///   - seed: where the random numbers begin.
    ///   - tell: hears how far it is.
    /// - Throws: that the cluster cannot be founded.
    package init(
        in path: String,
        program: ReplicaProgram,
        kills: Int,
        seed: UInt64,
        tell: @escaping (String) -> Void = { _ in }
    ) throws {
        folder = try ProcessFolder(path, name: "kills", replicas: 4, snapshotInterval: 50)
        keeper = JournalKeeper(of: folder)
        self.program = program
        self.kills = kills
        self.tell = tell
        random = RandomNumbers(seed: seed)
        ledger = StatementLedger(replicas: 4)
    }

    /// Hunts to the end.
    package func run() async throws -> KillReport {
        let begin = ContinuousClock.now
        let load = try Workload(folder.configuration)
        for replica in folder.replicas { runs.append(try start(replica, isArmed: true)) }
        let work = Task { await load.run(atOnce: 16, rest: .milliseconds(10)) }
        keeper.start()
        defer { keeper.stop() }
        do {
            try await hunt(load)
        } catch {
            load.finish()
            work.cancel()
            for run in runs { run.kill() }
            throw error
        }
        load.finish()
        await work.value
        await load.stop()
        try await stopAll()
        try finish(load)
        report.seconds = Double((ContinuousClock.now - begin).components.seconds)
        return report
    }

    private func hunt(_ load: Workload) async throws {
        // Some die in their very first start, so that nothing may come of it yet.
        _ = try await progress(load, by: 1, within: .seconds(2))
        var nextRest = 25
        while report.killCount < kills, report.violations.isEmpty {
            let before = load.acknowledgedCount
            try await Task.sleep(for: random.time(5...300))
            try await killSome()
            try await restart(isArmed: true)
            // Mostly the chain goes on before the next one dies; sometimes even those who have just started are met.
            if random.happens(75) {
                let goal = before + Int.random(in: 1...40, using: &random)
                _ = try await progress(load, by: goal - before, within: .seconds(3))
            }
            if report.killCount >= nextRest, report.killCount < kills {
                nextRest += 25
                try await agree(load)
                tell("\(report.killCount) kills, \(load.acknowledgedCount) commands confirmed")
                load.resume()
            }
        }
        try await agree(load)
    }

    // MARK: Deaths and births

    private func start(_ replica: Int, isArmed: Bool) throws -> ReplicaRun {
        // What is not synced must survive the death of a process as well.
        let more = random.happens(25) ? ["--durability", "process-crash"] : []
        let point = isArmed && random.happens(80) ? KillPoint(using: &random) : nil
        return try ReplicaRun(replica, in: folder, by: program, until: point, more: more)
    }

    /// Kills one, several or all; those who carry their death with them have a moment to meet it.
    private func killSome() async throws {
        let dice = Int.random(in: 0..<100, using: &random)
        let count = dice < 70 ? 1 : dice < 82 ? 2 : dice < 86 ? 3 : 4
        var victims = Array(runs.indices.shuffled(using: &random).prefix(count))
        if count == 1, let armed = runs.indices.shuffled(using: &random).first(where: { runs[$0].point != nil }) {
            victims = [armed]
        }
        if count == 1, runs[victims[0]].point != nil { _ = await runs[victims[0]].hasEnded(within: .seconds(1)) }
        for victim in victims where runs[victim].isRunning { runs[victim].kill() }
        for victim in victims {
            guard await runs[victim].hasEnded(within: .seconds(20)) else {
                throw KillHuntError("replica \(victim) does not die")
            }
        }
    }

    /// Starts whoever is dead, after a look at what it left behind.
    private func restart(isArmed: Bool) async throws {
        let dead = runs.indices.filter { !runs[$0].isRunning }
        guard !dead.isEmpty else { return }
        report.together[dead.count, default: 0] += 1
        for replica in dead {
            account(for: runs[replica])
            try examine(replica)
        }
        for replica in dead {
            if cutsJournals { try cut(replica) }
            if random.happens(50) { try await Task.sleep(for: random.time(0...200)) }
            runs[replica] = try start(replica, isArmed: isArmed)
        }
    }

    private func account(for run: ReplicaRun) {
        switch run.end {
        case .killed: report.kills["at a random moment", default: 0] += 1
        case .killedInside(let place): report.kills[Self.kind(of: place), default: 0] += 1
        case .status(let status):
            let words = run.complaints.last ?? "nothing"
            guard words.contains("the application crashes on command") else {
                return violate("replica \(run.replica) ended with status \(status): \(words)")
            }
            // It was killed twice while it executed one command: no fault of the command, and nobody can know.
            report.suspected += 1
            try? FileManager.default.removeItem(atPath: folder.dataDirectory(of: run.replica) + "/executing")
        case .signal(let number): violate("replica \(run.replica) ended by signal \(number): \(run.log.last ?? "")")
        }
    }

    /// A call, its moment and the kind of its file: numbers are left out of names.
    private static func kind(of place: String) -> String {
        let words = place.split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return place }
        return "\(words[1]) \(words[0]) of \(words[2].filter { !$0.isNumber })"
    }

    /// Reads what a dead replica wrote since its last death, also in segments that it has removed.
    private func examine(_ replica: Int) throws {
        try keeper.take(replica) { try ledger.read(replica, in: $0, behindHole: $1) }
        for violation in ledger.violations { violate(violation) }
    }

    /// Takes the last batch of the journal away, as a disk does that said it had written; not if a segment begins with it.
    private func cut(_ replica: Int) throws {
        let disk = try RealDisk(reading: folder.dataDirectory(of: replica))
        var walk = JournalWalk(try JournalListing(of: disk), on: disk)
        var last = (path: "", end: UInt64(0))
        var before = last
        while try walk.nextBatch() != nil {
            before = last
            last = (walk.path, walk.end)
        }
        guard before.path == last.path, let file = FileHandle(forUpdatingAtPath: last.path) else { return }
        try file.truncate(atOffset: before.end)
        try file.close()
        // Nor does it tell that it had: otherwise the replica would not start.
        try? FileManager.default.removeItem(atPath: disk.path(of: "durable"))
    }

    // MARK: Agreement

    /// Waits until so many more commands are confirmed; false if that takes too long.
    private func progress(_ load: Workload, by count: Int, within time: Duration) async throws -> Bool {
        let goal = load.acknowledgedCount + count
        let deadline = ContinuousClock.now + time
        while load.acknowledgedCount < goal {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// Lets the load rest, and waits until all replicas stand at one place with one state.
    private func agree(_ load: Workload) async throws {
        // Nobody dies meanwhile, but those who carry their death with them, who are born again without it.
        for run in runs where run.point != nil { run.kill() }
        for run in runs where run.point != nil { _ = await run.hasEnded(within: .seconds(20)) }
        try await restart(isArmed: false)
        guard await load.pause(within: Self.patience) else {
            return violate("commands have no answer \(Self.patience) after the last kill")
        }
        for problem in load.problems { violate(problem) }
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let status = await load.agreement(of: folder.replicas) {
                agreed = status
                report.agreements += 1
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        for run in runs where !run.isRunning { account(for: run) }
        violate("the replicas do not reach one state within \(Self.patience)")
    }

    // MARK: The end

    private func stopAll() async throws {
        for run in runs { run.terminate() }
        for run in runs {
            guard await run.hasEnded(within: .seconds(60)) else {
                violate("replica \(run.replica) does not stop")
                run.kill()
                continue
            }
            if run.end != .status(0) {
                violate("replica \(run.replica) stopped with \(run.end): \(run.complaints.last ?? "nothing")")
            }
        }
    }

    private func finish(_ load: Workload) throws {
        for replica in folder.replicas { try examine(replica) }
        ledger.settle()
        for violation in ledger.violations { violate(violation) }
        report.submitted = load.issued
        report.acknowledged = load.acknowledgedCount
        report.statements = ledger.statements
        report.heard = ledger.heard
        report.holes = ledger.holes
        report.unjudged = ledger.unjudged
        for replica in folder.replicas { try verify(replica) }
        let check = try ChainCheck(of: folder, acknowledged: load.acknowledged, told: agreed)
        report.blocks = check.blocks
        report.lost = check.lost
        report.repeated = check.repeated
        for violation in check.violations { violate(violation) }
    }

    /// Has the program audit a data directory: every signature of every certificate, and all files.
    private func verify(_ replica: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.path)
        process.arguments = [
            "verify", "--data-dir", folder.dataDirectory(of: replica), "--config", folder.configurationFile, "--json",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            violate("the audit of replica \(replica) fails: \(String(decoding: words, as: UTF8.self))")
        }
    }

    private func violate(_ text: String) {
        if !report.violations.contains(text) { report.violations.append(text) }
    }
}
