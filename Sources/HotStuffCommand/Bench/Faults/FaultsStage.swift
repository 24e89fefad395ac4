import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// A running cluster with a client, on which rows are measured one after the other.
struct FaultsStage: Sendable {
    /// The chain.
    let setting: FaultsSetting
    /// The processes and their links.
    let cluster: FaultsCluster
    private let client: ClusterClient

    /// The most commands that one client has on their way.
    static let maximumOutstanding = 2_048
    private static let patience = Duration.seconds(60)

    /// Starts a cluster and waits until every replica answers.
    ///
    /// - Parameters:
    ///   - setting: the chain.
    ///   - arguments: more arguments for some replicas.
    /// - Throws: why it cannot be started; nothing runs then.
    init(_ setting: FaultsSetting, arguments: [ReplicaID: [String]] = [:]) async throws {
        self.setting = setting
        cluster = try await FaultsCluster(
            replicas: setting.replicas,
            parameters: setting.parameters,
            linkMicroseconds: setting.linkMicroseconds
        )
        do {
            for replica in cluster.replicas {
                try cluster.processes.start(replica, arguments: arguments[replica] ?? [])
            }
            client = try ClusterClient(
                cluster.testnet.configuration,
                file: cluster.testnet.configurationFile,
                timeout: FaultsStage.patience,
                outstanding: FaultsStage.maximumOutstanding
            )
        } catch {
            await cluster.end()
            throw error
        }
        do {
            try await waitUntilReady()
        } catch {
            await end()
            throw error
        }
    }

    /// Ends everything.
    func end() async {
        await client.stop()
        await cluster.end()
    }

    /// Measures one row.
    ///
    /// - Parameters:
    ///   - load: what the client does.
    ///   - settling: how long it does so before it counts.
    ///   - span: how long it counts.
    /// - Returns: the row.
    /// - Throws: why a command had no result, or the replica no answer.
    func measure(_ load: Load, settling: Duration, span: Duration) async throws -> FaultsMeasurement {
        let recorder = LoadRecorder()
        return try await withThrowingTaskGroup(of: FaultsMeasurement?.self) { group in
            group.addTask { [client] in
                try await load.run([client.client], recorder)
                return nil
            }
            group.addTask {
                defer { recorder.stop() }
                try await Task.sleep(for: settling)
                let before = try await status()
                recorder.begin()
                try await Task.sleep(for: span)
                return FaultsMeasurement(figures: recorder.figures, before: before, after: try await status())
            }
            var measurement: FaultsMeasurement?
            // A load that fails ends the measurement.
            while let result = try await group.next() { measurement = result ?? measurement }
            guard let measurement else {
                throw Failure(.software, "a load ended without a measurement", advice: "report this")
            }
            return measurement
        }
    }

    /// Where replica 0 stands, which is never killed and never lies.
    private func status() async throws -> ReplicaStatus {
        guard let status = await client.client.status(of: ReplicaID(0), timeout: .seconds(10)) else {
            throw Failure(.unavailable, "replica 0 does not say where it stands", advice: "try fewer replicas")
        }
        return status
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + FaultsStage.patience
        for replica in cluster.replicas {
            while await client.client.status(of: replica, timeout: .milliseconds(200)) == nil {
                try cluster.processes.checkAllRun()
                guard ContinuousClock.now < deadline else {
                    throw Failure(.unavailable, "replica \(replica) does not answer", advice: "try fewer replicas")
                }
            }
        }
    }
}
