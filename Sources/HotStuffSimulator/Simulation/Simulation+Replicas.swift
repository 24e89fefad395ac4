internal import HotStuff
internal import HotStuffStorage

// How replicas start, stop, and tell the time.
extension Simulation {
    /// A replica's clock: its own beginning, and its own speed.
    func now(_ index: Int) -> Instant {
        let drift = Int64(time) * Int64(SwarmOptions.value(of: options.drift, for: replicas[index].id)) / 1_000_000
        return Instant(UInt64(Int64(time) + drift) + UInt64(index) * 1_000_000_000)
    }

    func wall(_ index: Int) -> Timestamp {
        Timestamp(
            1_700_000_000_000 + time / 1_000 + SwarmOptions.value(of: options.wallOffset, for: replicas[index].id)
        )
    }

    func tellTime(_ replica: SimulatedReplica) {
        replica.clock(now: now(replica.index), wall: wall(replica.index))
    }

    /// Starts a replica that is down.
    func start(_ replica: SimulatedReplica) {
        guard !replica.isUp else { return }
        let isFirst = replica.incarnation == 0
        let sealed = replica.writes.sealed
        do {
            if replica.isHonest { inspector.restarts(replica.id) }
            try replica.start(now: now(replica.index), wall: wall(replica.index), random: random.split())
            note {
                "r\(replica.index) starts at height \(replica.standing.committedHeight), view \(replica.standing.view)"
            }
        } catch {
            note { "r\(replica.index) cannot start: \(error)" }
            guard !error.isDiskFault else {
                agenda.add(.restart(replica.index), at: time + 1 + random.number(below: 2_000_000))
                return
            }
            coverage.count(.refusedJournals)
            if !damaged.contains(replica.index), replica.isHonest {
                inspector.report(Violation(.recovery, "replica \(replica.id) cannot start: \(error)"))
            }
            return
        }
        _ = replica.disk.takeFailures()
        if replica.isMending {
            note { "r\(replica.index) has to get blocks before it can start" }
            coverage.count(.heldUpStarts)
            return reconnect()
        }
        // After a loss of power that nothing was synced before, all behind a hole is given up.
        let isForgetful = replica.standing.record.forgottenThrough != nil
        if flipped.remove(replica.index) != nil, !isForgetful, !truncated.contains(replica.index),
            replica.writes.found < sealed
        {
            inspector.report(
                Violation(
                    .recovery,
                    "replica \(replica.id) takes damage in the middle for the end: \(replica.writes.found.rawValue) of "
                        + "\(sealed.rawValue) records are left"
                )
            )
        }
        sentTimeouts[replica.index] = nil
        if !isFirst { coverage.count(.restarts) }
        if replica.snapshotHeight != nil { coverage.count(.snapshotsLoaded) }
        let lagging = replicas.map(\.standing.committedHeight).min() ?? .genesis
        if rotting.chance(oneIn: 2), let height = replica.rot(using: &rotting, above: lagging, among: replicas.count) {
            coverage.count(.damagedBlocks)
            note { "block \(height) of r\(replica.index) rots" }
        }
        reconnect()
    }

    /// A replica dies.
    func crash(_ index: Int, losingPower: Bool) {
        let replica = replicas[index]
        guard replica.isUp else { return }
        let midWrite = replica.isWriting && (random.chance(oneIn: 2) || options.circumstance == .tornWrites)
        if midWrite { coverage.count(.midWriteCrashes) }
        note { "r\(index) \(losingPower ? "loses power" : "is killed")\(midWrite ? " in the middle of a write" : "")" }
        if losingPower {
            let loss = replica.losePower(midWrite: midWrite, seed: random.next())
            coverage.count(.powerLosses)
            coverage.count(.tornWrites, loss.tornChanges)
            coverage.count(.lostWrites, loss.lostChanges)
        } else {
            replica.kill(midWrite: midWrite)
            coverage.count(.kills)
        }
        disconnect(index)
    }

    func pause(_ index: Int, until moment: UInt64) { pausedUntil[index] = max(pausedUntil[index], moment) }

    /// All replicas run at full speed again.
    func resumeAll() {
        for index in pausedUntil.indices {
            pausedUntil[index] = 0
            busyUntil[index] = 0
        }
    }
}

extension RecoveryFailure {
    /// Whether the disk failed, not what is on it.
    var isDiskFault: Bool {
        switch self {
        case .journal(.disk), .archive(.disk), .snapshots(.disk): true
        case .journal, .archive, .snapshots, .lost, .damaged, .noBeginning: false
        }
    }
}
