internal import HotStuff
internal import HotStuffStorage

// What goes wrong, and when.
extension Simulation {
    /// Something goes wrong, and the next time is set.
    func strike() {
        agenda.add(.fault, at: time + 1 + random.number(below: 2 * options.faultInterval))
        guard isFaulty, !options.faults.isEmpty else { return }
        let victim = random.below(replicas.count)
        switch random.pick(options.faults) {
        case .kill: crash(victim, losingPower: false, for: random.number(below: 3_000_000))
        case .powerLoss:
            // Power fails most usefully in the middle of a write.
            let writing = replicas.indices.filter { replicas[$0].isWriting }
            let unlucky = writing.isEmpty || random.chance(oneIn: 3) ? victim : random.pick(writing)
            if options.durability == .processCrash {
                // What was not synced may be gone: few may come to that.
                guard replicas[unlucky].isUp, mayFail(unlucky) else { return }
                forgetful.insert(unlucky)
            }
            crash(unlucky, losingPower: true, for: random.number(below: 3_000_000))
        case .everybodyCrashes:
            guard options.circumstance == .blackouts || random.chance(oneIn: 6) else { return }
            for index in replicas.indices { crash(index, losingPower: true, for: random.number(below: 1_000_000)) }
            if replicas.allSatisfy({ !$0.isUp }) { coverage.count(.everybodyCrashed) }
        case .cut: cutBoth(victim, random.below(replicas.count), for: random.number(below: 3_000_000))
        case .oneWayCut:
            cut([[victim, random.below(replicas.count)]], for: random.number(below: 3_000_000), breaking: false)
        case .flap:
            let other = random.below(replicas.count)
            let links = [[victim, other], [other, victim]]
            // Up and down and up again.
            for flap in 0..<2 + random.number(below: 4) {
                agenda.add(.cut(links, duration: random.number(below: 200_000)), at: time + flap * 250_000)
            }
        case .partition: splitInTwo()
        case .pause:
            guard replicas[victim].isUp else { return }
            coverage.count(.pauses)
            note { "r\(victim) pauses" }
            pause(victim, until: time + random.number(below: 4_000_000))
        case .diskError: failDisk(of: victim)
        case .fullDisk: fillDisk(of: victim)
        case .flippedBit: damage(victim, isFlip: true)
        case .truncation: damage(victim, isFlip: false)
        }
    }

    /// How often replicas may crash in one run: a restart costs as much as many views, and the thirtieth shows little new.
    private static let mostCrashes = 30

    private func crash(_ index: Int, losingPower: Bool, for duration: UInt64) {
        guard replicas[index].isUp, coverage[.kills] + coverage[.powerLosses] < Simulation.mostCrashes else { return }
        crash(index, losingPower: losingPower)
        agenda.add(.restart(index), at: time + duration)
    }

    private func cutBoth(_ left: Int, _ right: Int, for duration: UInt64) {
        cut([[left, right], [right, left]], for: duration, breaking: random.chance(oneIn: 2))
    }

    /// Cuts links for a while; their connections break if so wished.
    func cut(_ links: [[Int]], for duration: UInt64, breaking: Bool) {
        let links = links.filter { $0[0] != $0[1] }
        guard !links.isEmpty else { return }
        note { "links \(links) are cut" }
        coverage.count(links.count == 1 ? .oneWayCuts : .cutLinks)
        for link in links { network.cut(link[0], link[1]) }
        if breaking { dropBrokenConnections() }
        agenda.add(.mend(links, era: network.era), at: time + duration)
    }

    private func splitInTwo() {
        let side = replicas.map { _ in random.chance(oneIn: 2) }
        guard Set(side).count == 2 else { return }
        coverage.count(.partitions)
        var links: [[Int]] = []
        for left in replicas.indices {
            for right in replicas.indices where side[left] != side[right] { links.append([left, right]) }
        }
        cut(links, for: random.number(below: 4_000_000), breaking: random.chance(oneIn: 2))
    }

    private func failDisk(of index: Int) {
        guard replicas[index].isUp else { return }
        note { "the disk of r\(index) will fail" }
        let operation: DiskError.Operation = random.chance(oneIn: 2) ? .write : .sync
        replicas[index].disk.inject(
            SimulatedDisk.Fault(operation: operation, code: 5, after: random.below(3), keeping: random.below(200))
        )
        agenda.add(.repairDisk(index), at: time + random.number(below: 1_000_000))
    }

    private func fillDisk(of index: Int) {
        guard replicas[index].isUp else { return }
        note { "the disk of r\(index) fills up" }
        replicas[index].disk.limit(
            to: replicas[index].disk.byteCount(of: replicas[index].disk.journalName) + random.below(20_000)
        )
        agenda.add(.repairDisk(index), at: time + random.number(below: 3_000_000))
    }

    /// Spoils what a disk had promised to keep: its replica is one of the faulty from now on, if there may be another.
    private func damage(_ index: Int, isFlip: Bool) {
        let replica = replicas[index]
        let journal = replica.disk.journalName
        let size = replica.disk.byteCount(of: journal)
        guard replica.incarnation > 0, size > 0, !damaged.contains(index), mayFail(index) else { return }
        if replica.isUp { crash(index, losingPower: false, for: random.number(below: 3_000_000)) }
        damaged.insert(index)
        replica.becomesFaulty()
        if isFlip {
            coverage.count(.flippedBits)
            flipped.insert(index)
            replica.disk.flip(bit: random.below(8), at: random.below(size), of: journal)
        } else {
            coverage.count(.truncatedJournals)
            flipped.remove(index)
            truncated.insert(index)
            replica.disk.truncate(journal, by: 1 + random.below(min(size, 4_000)))
        }
        note { "the journal of r\(index) is damaged" }
    }

    /// Whether a replica may be faulty besides those that are.
    private func mayFail(_ index: Int) -> Bool {
        if replicas[index].id.isListener { return false }
        let faulty = Set(options.liars.keys).union(damaged.union(forgetful).map { replicas[$0].id.index }).union([
            replicas[index].id.index
        ])
        let total = options.powers.reduce(0, +)
        return faulty.reduce(0) { $0 + options.powers[$1] } <= total - SimulatedWorld.quorum(of: total)
    }
}
