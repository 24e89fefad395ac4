import HotStuff
import HotStuffConfiguration

/// How a cluster of processes bears crashed, slow and lying replicas.
struct FaultsBenchmark: Sendable {
    /// How long each row is measured.
    let span: Duration
    /// How long a load runs before it is measured, which is the time that the cluster has to get used to a fault.
    let settling: Duration
    /// How many commands are on their way at full load.
    let outstanding: Int

    /// Who is slow or lies.
    private static let culprit = ReplicaID(1)

    /// Measures one chain: without faults, with a slow replica, with one replica after the other killed, and with each kind of liar
    /// that this program knows.
    ///
    /// - Parameters:
    ///   - setting: the chain.
    ///   - show: hears what is going on.
    /// - Returns: its rows.
    /// - Throws: what kept a row from being measured.
    func run(_ setting: FaultsSetting, show: (String) -> Void) async throws -> [FaultsRow] {
        show("\(setting.description): start")
        let stage = try await FaultsStage(setting)
        var rows: [FaultsRow] = []
        do {
            rows += try await measure([.full, .share, .one], of: 0, crashed: 0, on: stage, show: show)
            let most = rows[0].measurement.figures.commandsPerSecond
            if setting.replicas > 1 {
                delay(FaultsBenchmark.culprit, on: stage, by: stage.cluster.viewMicroseconds / 5)
                rows += try await measure([.full, .share], of: most, crashed: 0, attack: .slow, on: stage, show: show)
                delay(FaultsBenchmark.culprit, on: stage, by: 0)
            }
            for crashed in 1..<setting.faultyCount + 1 {
                // Replica 0 stays, for it is the one that is asked.
                await stage.cluster.processes.crash(ReplicaID(UInt16(setting.replicas - crashed)))
                rows += try await measure([.full, .share], of: most, crashed: crashed, on: stage, show: show)
            }
        } catch {
            await stage.end()
            throw error
        }
        await stage.end()
        #if HOTSTUFF_ATTACKS
        let most = rows[0].measurement.figures.commandsPerSecond
        for attack in FaultsAttack.allCases where setting.faultyCount > 0 {
            guard let arguments = attack.arguments else { continue }
            let stage = try await FaultsStage(
                setting,
                arguments: [FaultsBenchmark.culprit: arguments]
            )
            do {
                rows += try await measure([.full, .share], of: most, crashed: 0, attack: attack, on: stage, show: show)
            } catch {
                await stage.end()
                throw error
            }
            await stage.end()
        }
        #endif
        return rows
    }

    /// Makes all that a replica says later than the links do.
    private func delay(_ replica: ReplicaID, on stage: FaultsStage, by microseconds: Int) {
        stage.cluster.delays.set(stage.setting.linkMicroseconds + microseconds, of: replica)
    }

    /// Measures a row for each load.
    private func measure(
        _ loads: [FaultsRow.Level],
        of most: Double,
        crashed: Int,
        attack: FaultsAttack? = nil,
        on stage: FaultsStage,
        show: (String) -> Void
    ) async throws -> [FaultsRow] {
        var rows: [FaultsRow] = []
        for load in loads {
            let what = attack.map { "one \($0.rawValue)" } ?? "\(crashed) crashed"
            show("\(stage.setting.description): \(what), load \(load.rawValue)")
            // What the cluster takes when nothing is wrong is measured first.
            let most = most > 0 ? most : rows.first?.measurement.figures.commandsPerSecond ?? 0
            let measurement = try await stage.measure(
                load.load(outstanding: outstanding, most: most),
                settling: settling,
                span: span
            )
            rows.append(
                FaultsRow(
                    setting: stage.setting,
                    crashed: crashed,
                    attack: attack,
                    load: load,
                    measurement: measurement
                )
            )
        }
        return rows
    }
}
