import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// The plot of the demo: a cluster of processes, a load, a crash in the middle, and the comparison of what is left on the disks.
struct Demo: Sendable {
    /// The folder of the cluster.
    let testnet: Testnet
    /// The processes of the cluster.
    let processes: ReplicaProcesses
    /// The client of the cluster.
    let client: HotStuffClient
    /// The commands to submit.
    let commands: [WrittenCommand]
    /// What is known so far.
    let state: DemoState
    /// Where it is shown.
    let display: DemoDisplay

    /// How many commands are on their way at a time.
    static let outstanding = 256
    /// How long a command may take.
    static let commandTimeout = Duration.seconds(60)
    /// How long replicas may take to start, to catch up and to stop, each.
    static let patience = Duration.seconds(30)
    /// How long a crashed replica stays down at most.
    private static let longestOutage = Duration.seconds(3)

    private var replicas: [ReplicaID] { testnet.configuration.replicas.map(\.id) }

    /// Plays it to its end.
    func run() async throws -> DemoReport {
        display.event("\(replicas.count) replicas start, each a process of its own, in \(testnet.directory)")
        for replica in replicas { try processes.start(replica) }
        let watch = Task { await watchStatuses() }
        let outcome: (crashed: ReplicaID, statuses: [ReplicaStatus]?)
        do {
            try await waitUntilReady()
            let crashed = try await submitAndCrash()
            outcome = (crashed, try await waitUntilAgreed())
        } catch {
            watch.cancel()
            await watch.value
            throw error
        }
        watch.cancel()
        await watch.value
        display.clear()
        try await stop()
        return try report(crashed: outcome.crashed, statuses: outcome.statuses)
    }

    /// Waits until every replica answers.
    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + Demo.patience
        while true {
            try processes.checkAllRun()
            let silent = await statuses().count { $0 == nil }
            if silent == 0 { break }
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .unavailable,
                    "\(silent) of \(replicas.count) replicas do not answer",
                    advice: "look into their logs, which stay with --keep DIR"
                )
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        display.event("all replicas are ready, \(Figures.count(commands.count)) commands are submitted")
    }

    /// Submits all commands, and meanwhile crashes a replica half-way and starts it again.
    private func submitAndCrash() async throws -> ReplicaID {
        state.begin()
        async let crashed = crashOne()
        do {
            try await Submission(client: client, outstanding: Demo.outstanding).run(commands) { result in
                state.confirm(latencyMilliseconds: result.latencyMilliseconds)
            }
        } catch {
            try processes.checkAllRun()
            throw error
        }
        let replica = try await crashed
        display.event("all \(Figures.count(commands.count)) commands are confirmed")
        return replica
    }

    /// Crashes the leader of the current view as soon as half of the commands are confirmed, and starts it again when three
    /// quarters are, or after a while.
    private func crashOne() async throws -> ReplicaID {
        while state.confirmed < commands.count / 2 { try await Task.sleep(for: .milliseconds(2)) }
        let replica = await currentLeader()
        await processes.crash(replica)
        state.setDown(replica)
        let confirmed = Figures.count(state.confirmed)
        display.event("replica \(replica) led the view and is killed (SIGKILL) after \(confirmed) commands")
        let deadline = ContinuousClock.now + Demo.longestOutage
        while state.confirmed < commands.count * 3 / 4, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        try processes.start(replica)
        state.setDown(nil)
        display.event("replica \(replica) is started again after \(Figures.count(state.confirmed)) commands")
        return replica
    }

    /// The leader that most views told lately, or replica 0 if nobody tells.
    private func currentLeader() async -> ReplicaID {
        let known = await statuses().compactMap(\.self).max { $0.view < $1.view }
        return known?.leader.flatMap { replicas.contains($0) ? $0 : nil } ?? ReplicaID(0)
    }

    /// Waits until all replicas tell the same height, execution and state; nothing if they never do.
    private func waitUntilAgreed() async throws -> [ReplicaStatus]? {
        let deadline = ContinuousClock.now + Demo.patience
        while ContinuousClock.now < deadline {
            try processes.checkAllRun()
            let statuses = await statuses()
            let known = statuses.compactMap(\.self)
            if known.count == statuses.count, let first = known.first, known.allSatisfy({ $0.agrees(with: first) }) {
                display.event("all replicas are at height \(first.committedHeight) with the same state")
                return known
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        display.event("the replicas do not reach the same height")
        return nil
    }

    private func stop() async throws {
        let failed = await processes.stopAll(within: Demo.patience)
        guard let first = failed.first else { return display.event("all replicas have stopped") }
        throw Failure(
            .software,
            "replica \(first) does not stop properly at SIGTERM",
            advice: "look into \(testnet.logFile(of: first)), which stays with --keep DIR"
        )
    }

    /// Compares what is on the disks.
    private func report(crashed: ReplicaID, statuses: [ReplicaStatus]?) throws(Failure) -> DemoReport {
        var chains: [ChainSummary] = []
        for replica in replicas { chains.append(try ChainSummary(of: replica, in: testnet)) }
        let first = chains[0]
        let told = statuses?.first
        let snapshot = state.snapshot
        return DemoReport(
            replicas: replicas.count,
            committedBlocks: first.blocks.count,
            committedCommands: first.executedCommands,
            seconds: snapshot.seconds,
            commandsPerSecond: snapshot.commandsPerSecond,
            medianLatency: snapshot.latency(percentile: 50),
            latencyOf99Percent: snapshot.latency(percentile: 99),
            restartedReplicaCaughtUp: told != nil,
            identicalChains: chains.allSatisfy { $0.isSound && $0.blocks == first.blocks },
            identicalStates: chains.allSatisfy {
                $0.executed == told?.executed && $0.applicationState == told?.applicationState
            }
        )
    }

    /// What every replica tells now.
    private func statuses() async -> [ReplicaStatus?] {
        await withTaskGroup(of: (Int, ReplicaStatus?).self) { group in
            for (index, replica) in replicas.enumerated() where state.snapshot.down != replica {
                group.addTask { (index, await client.status(of: replica, timeout: .seconds(1))) }
            }
            var all = [ReplicaStatus?](repeating: nil, count: replicas.count)
            for await (index, status) in group { all[index] = status }
            return all
        }
    }

    /// Keeps the display up to date until cancelled.
    private func watchStatuses() async {
        while !Task.isCancelled {
            for status in await statuses() { status.map(state.record) }
            display.refresh()
            // A wait that is cancelled ends the loop.
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension ReplicaStatus {
    /// Whether two replicas stand at the same place with the same state, and nothing is left to do.
    fileprivate func agrees(with other: ReplicaStatus) -> Bool {
        committedHeight == other.committedHeight && committedBlock == other.committedBlock && executed == other.executed
            && applicationState == other.applicationState && executed.height == committedHeight && pendingCommands == 0
    }
}
