import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// How much a cluster on this machine takes, and what that costs.
struct ClusterBenchmark: Sendable {
    /// When a measurement is over.
    enum Goal: Equatable, Sendable {
        /// After so long.
        case time(Duration)
        /// After so many final blocks.
        case blocks(UInt64)
    }

    /// How long the load runs before it is measured.
    let warmUp: Duration
    /// When the measurement is over.
    let goal: Goal
    /// Other numbers of commands on their way, which are measured for a short time each; none for most purposes.
    var curve: [Int] = []

    /// A command that takes longer has failed.
    private static let patience = Duration.seconds(60)
    /// How long each of the other numbers runs before it is measured, and how long it is.
    private static let (curveWarmUp, curveSpan) = (Duration.milliseconds(500), Duration.seconds(2))
    /// How often the clients' progress is looked at.
    private static let glance = Duration.milliseconds(5)

    /// Founds a cluster, loads it, and measures.
    ///
    /// - Parameters:
    ///   - setting: the cluster and the load.
    ///   - show: hears what is going on.
    /// - Returns: what was measured.
    /// - Throws: what kept it from being measured.
    func run(_ setting: ClusterSetting, show: @escaping @Sendable (String) -> Void) async throws -> ClusterReport {
        show("start")
        let testnet = try Testnet(
            replicas: setting.replicas,
            scheme: setting.signature.scheme,
            parameters: setting.parameters,
            keep: .sinceSnapshot,
            keptIn: nil
        )
        defer { testnet.remove() }
        let host = try await ClusterHost(testnet, durability: setting.durability, isInProcess: setting.isInProcess)
        var clients: [ClusterClient] = []
        do {
            for _ in 0..<setting.sessionCount {
                clients.append(
                    try ClusterClient(
                        testnet.configuration,
                        file: testnet.configurationFile,
                        timeout: Self.patience,
                        outstanding: ClusterSetting.sessionCapacity
                    )
                )
            }
            let report = try await report(setting, on: host, by: clients.map(\.client), show: show)
            await end(clients, host)
            return report
        } catch {
            await end(clients, host)
            throw error
        }
    }

    private func end(_ clients: [ClusterClient], _ host: ClusterHost) async {
        for client in clients { await client.stop() }
        await host.end()
    }

    private func report(
        _ setting: ClusterSetting,
        on host: ClusterHost,
        by clients: [HotStuffClient],
        show: @escaping @Sendable (String) -> Void
    ) async throws -> ClusterReport {
        var report = ClusterReport(
            setting: setting,
            measurement: try await measure(setting, until: goal, after: warmUp, on: host, by: clients, show: show)
        )
        for outstanding in curve where outstanding < setting.outstanding {
            var other = setting
            other.outstanding = outstanding
            let measurement = try await measure(
                other,
                until: .time(Self.curveSpan),
                after: Self.curveWarmUp,
                on: host,
                by: clients
            ) { show("\(outstanding) outstanding: \($0)") }
            report.curve.append(ClusterReport.CurvePoint(outstanding: outstanding, figures: measurement.figures))
        }
        report.curve.append(
            ClusterReport.CurvePoint(outstanding: setting.outstanding, figures: report.measurement.figures)
        )
        return report
    }

    private func measure(
        _ setting: ClusterSetting,
        until goal: Goal,
        after warmUp: Duration,
        on host: ClusterHost,
        by clients: [HotStuffClient],
        show: @escaping @Sendable (String) -> Void
    ) async throws -> ClusterMeasurement {
        let recorder = LoadRecorder()
        let load = Load.full(outstanding: setting.outstanding)
        return try await withThrowingTaskGroup(of: ClusterMeasurement?.self) { group in
            group.addTask {
                try await load.run(clients, payload: setting.payload, recorder)
                return nil
            }
            group.addTask {
                defer { recorder.stop() }
                show("warm up")
                try await Task.sleep(for: warmUp)
                return try await observe(recorder, until: goal, host, show: show)
            }
            var measurement: ClusterMeasurement?
            // A load that fails ends the measurement.
            while let result = try await group.next() { measurement = result ?? measurement }
            guard let measurement else {
                throw Failure(.software, "a load ended without a measurement", advice: "report this")
            }
            return measurement
        }
    }

    /// Watches a load that runs.
    private func observe(
        _ recorder: LoadRecorder,
        until goal: Goal,
        _ host: ClusterHost,
        show: (String) -> Void
    ) async throws -> ClusterMeasurement {
        var memory = ClusterMeasurement.Memory(start: host.megabytes, middle: [], end: [])
        let (before, ownBefore, bytesBefore) = (host.processorSeconds, ProcessorTime.own, Loopback.bytes)
        let threadsBefore = host.threadTimes
        recorder.begin()
        let begin = ContinuousClock.now
        var part = 0.0
        var shown = -1
        while part < 1 {
            try await Task.sleep(for: Self.glance)
            try host.checkAllRun()
            let elapsed = ContinuousClock.now - begin
            part =
                switch goal {
                case .time(let span): elapsed / span
                case .blocks(let count): Double(recorder.blocks) / Double(count)
                }
            if part >= 0.5, memory.middle.isEmpty { memory.middle = host.megabytes }
            if Int(part * 10) > shown {
                shown = Int(part * 10)
                show("\(min(100, shown * 10)) %")
            }
        }
        let figures = recorder.figures
        let (bytes, own) = (Loopback.bytes, ProcessorTime.own - ownBefore)
        let replicas = zip(host.processorSeconds, before).map { $0 - $1 }
        memory.end = host.megabytes
        let threads = host.threadTimes.since(threadsBefore)
        return ClusterMeasurement(
            figures: figures,
            memory: memory,
            replicaProcessorSeconds: replicas,
            ownProcessorSeconds: own,
            threadTimes: threads,
            loopbackBytes: bytes.flatMap { bytes in bytesBefore.map { bytes - min(bytes, $0) } }
        )
    }

    /// The bytes that have been sent over the machine's loopback, by everybody.
    private enum Loopback {
        /// Nothing where the system does not tell.
        static var bytes: UInt64? {
            let file = "/sys/class/net/lo/statistics/tx_bytes"
            guard let text = try? String(contentsOfFile: file, encoding: .utf8),
                let count = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { return nil }
            return count
        }
    }
}
