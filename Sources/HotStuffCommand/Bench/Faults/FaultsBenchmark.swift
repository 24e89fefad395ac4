import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// How a cluster of processes bears crashed and slow replicas.
struct FaultsBenchmark: Sendable {
    /// How long each row is measured.
    let span: Duration
    /// How long a load runs before it is measured, and after each fault.
    let settling: Duration
    /// How many commands are on their way at full load.
    let outstanding: Int

    /// How late the words of a slow replica are: a fifth of the time of a view.
    private static let slowMicroseconds = 200_000
    private static let patience = Duration.seconds(60)

    /// Measures one chain: without faults, with a slow replica, and with one replica after the other killed.
    ///
    /// - Parameters:
    ///   - setting: the chain.
    ///   - show: hears what is going on.
    /// - Returns: its rows.
    func run(_ setting: FaultsSetting, show: (String) -> Void) async throws -> [FaultsRow] {
        let cluster = try await FaultsCluster(
            replicas: setting.replicas,
            parameters: ChainParameters(leaderElection: setting.election, commitRule: setting.rule),
            linkMicroseconds: Int(setting.linkMilliseconds * 1_000)
        )
        do {
            let rows = try await measure(setting, on: cluster, show: show)
            await cluster.end()
            return rows
        } catch {
            await cluster.end()
            throw error
        }
    }

    private func measure(
        _ setting: FaultsSetting,
        on cluster: FaultsCluster,
        show: (String) -> Void
    ) async throws -> [FaultsRow] {
        show("\(setting.description): start")
        for replica in cluster.replicas { try cluster.processes.start(replica) }
        let client = try ClusterClient(
            cluster.testnet.configuration,
            file: cluster.testnet.configurationFile,
            timeout: FaultsBenchmark.patience,
            outstanding: 2_048
        )
        defer { Task { await client.stop() } }
        try await waitUntilReady(cluster, client.client)
        var rows: [FaultsRow] = []
        var most = 0.0
        func add(crashed: Int, attack: FaultsAttack?) async throws {
            let what = attack.map { "one \($0.rawValue)" } ?? "\(crashed) crashed"
            for isFull in [true, false] {
                let load = isFull ? FaultsLoad.full(outstanding: outstanding) : .steady(commandsPerSecond: most * 0.3)
                show("\(setting.description): \(what), \(isFull ? "full load" : "30 % load")")
                let row = try await row(
                    FaultsRow(
                        setting: setting,
                        crashed: crashed,
                        attack: attack,
                        load: isFull ? "full" : "30",
                        figures: LoadFigures(
                            commands: 0,
                            seconds: 0,
                            medianLatency: 0,
                            latencyOf99Percent: 0,
                            longestGap: 0
                        ),
                        failedViewsPerThousand: 0,
                        chainGrowth: 0
                    ),
                    under: load,
                    client: client.client
                )
                if isFull, crashed == 0, attack == nil { most = row.figures.commandsPerSecond }
                rows.append(row)
            }
        }
        try await add(crashed: 0, attack: nil)
        guard setting.replicas > 1 else { return rows }
        let slow = ReplicaID(1)
        let usual = Int(setting.linkMilliseconds * 1_000)
        cluster.delays.set(usual + FaultsBenchmark.slowMicroseconds, of: slow)
        try await add(crashed: 0, attack: .slow)
        cluster.delays.set(usual, of: slow)
        for crashed in 1..<setting.faultyCount + 1 {
            // Replica 0 stays, for it is the one that is asked.
            await cluster.processes.crash(ReplicaID(UInt16(setting.replicas - crashed)))
            try await add(crashed: crashed, attack: nil)
        }
        return rows
    }

    /// Fills in what a row's load brings about.
    private func row(
        _ row: FaultsRow,
        under load: FaultsLoad,
        client: HotStuffClient
    ) async throws -> FaultsRow {
        let recorder = LoadRecorder()
        var row = row
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await load.run(client, recorder) }
            group.addTask { [settling] in
                try await Task.sleep(for: settling)
            }
            try await group.next()
            let before = try await status(client)
            recorder.begin()
            try await Task.sleep(for: span)
            row.figures = recorder.figures
            let after = try await status(client)
            recorder.stop()
            let views = Double(after.view.rawValue - before.view.rawValue)
            row.failedViewsPerThousand =
                views > 0 ? 1_000 * Double(after.failedViews - before.failedViews) / views : 0
            row.chainGrowth =
                views > 0 ? Double(after.committedHeight.rawValue - before.committedHeight.rawValue) / views : 0
            try await group.waitForAll()
        }
        return row
    }

    /// Where replica 0 stands, which is never killed.
    private func status(_ client: HotStuffClient) async throws -> ReplicaStatus {
        guard let status = await client.status(of: ReplicaID(0), timeout: .seconds(10)) else {
            throw Failure(.unavailable, "replica 0 does not say where it stands", advice: "try fewer replicas")
        }
        return status
    }

    private func waitUntilReady(_ cluster: FaultsCluster, _ client: HotStuffClient) async throws {
        let deadline = ContinuousClock.now + FaultsBenchmark.patience
        for replica in cluster.replicas {
            while await client.status(of: replica, timeout: .milliseconds(200)) == nil {
                try cluster.processes.checkAllRun()
                guard ContinuousClock.now < deadline else {
                    throw Failure(.unavailable, "replica \(replica) does not answer", advice: "try fewer replicas")
                }
            }
        }
    }
}
