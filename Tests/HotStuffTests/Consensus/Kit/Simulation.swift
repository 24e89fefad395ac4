import HotStuff

/// A crash at a point of the run.
struct Crash {
    /// After how many events.
    let after: Int
    let victims: [Int]
    /// Whether the victims are started again, when everything heals at the latest.
    let comesBack: Bool
}

/// A whole cluster in virtual time: everything that happens follows from a seed.
///
/// First come the faults: messages are late, lost, doubled and reordered, replicas crash with what was not durable, links
/// break, and as many replicas as may lie do. Then everything heals but the liars, and the cluster must come to rest: all
/// commands of living replicas final, everybody at the same height, and without liars nothing left to say.
final class Simulation {
    /// What happens.
    private enum Deed {
        case deliver([UInt8], from: Int, to: Int)
        case clock(Int, wish: Int)
        case durable(Int, count: Int, incarnation: Int)
        case signed(Int, SigningRequest, incarnation: Int)
        case execute(Int, incarnation: Int)
        case submit(Int)
        case crash(Int)
        case restart(Int)
        case cut(Int, Int)
        case join(Int, Int)
        case heal
    }

    let plan: SimulationPlan
    let world: World
    let oracle = Oracle()
    let replicas: [TestReplica]
    private var liars: [Int: Liar] = [:]
    private var generator: SplitMix64
    private var agenda = Agenda<Deed>()
    private(set) var time: UInt64 = 0
    private var wishes: [Int]
    private var broken: Set<[Int]> = []
    private var isHealed = false
    private var submitted: UInt64 = 0
    private(set) var deliveries = 0
    private(set) var failure: String?
    /// From when on each effect is printed, to look at a seed that failed.
    var traced: UInt64?
    /// Crashes after so many events, beside those of the plan.
    var crashes: [Crash] = []
    private var lost: Set<Int> = []
    private var events = 0

    init(_ plan: SimulationPlan) {
        self.plan = plan
        generator = SplitMix64(seed: plan.seed)
        let world = World(plan.replicaCount, powers: plan.powers)
        self.world = world
        let oracle = self.oracle
        replicas = (0..<plan.replicaCount).map {
            TestReplica(world: world, id: $0, settings: plan.settings, oracle: oracle)
        }
        wishes = Array(repeating: 0, count: plan.replicaCount)
        for (index, kind) in plan.liars {
            liars[index] = Liar(kind: kind, world: world, id: ReplicaID(UInt16(index)))
        }
    }

    /// Lives through the whole plan; afterwards `problems` says what went wrong.
    func run() {
        for index in replicas.indices {
            carryOut(replicas[index].start(now: Instant(0), wall: wall(index)), of: index)
        }
        for _ in 0..<plan.commandCount {
            agenda.add(.submit(generator.below(plan.replicaCount)), at: random(upTo: plan.faultMicroseconds))
        }
        for _ in 0..<plan.crashCount {
            let victim = generator.below(plan.replicaCount)
            let moment = random(upTo: plan.faultMicroseconds)
            agenda.add(.crash(victim), at: moment)
            agenda.add(
                .restart(victim),
                at: min(plan.faultMicroseconds, moment + random(upTo: plan.faultMicroseconds / 3))
            )
        }
        for _ in 0..<plan.cutCount where plan.replicaCount > 1 {
            let (left, right) = (generator.below(plan.replicaCount), generator.below(plan.replicaCount))
            let moment = random(upTo: plan.faultMicroseconds)
            agenda.add(.cut(left, right), at: moment)
            agenda.add(.join(left, right), at: moment + random(upTo: plan.faultMicroseconds / 3))
        }
        agenda.add(.heal, at: plan.faultMicroseconds)
        while let (moment, deed) = agenda.next(), failure == nil, oracle.violations.isEmpty {
            time = max(time, moment)
            if time > plan.faultMicroseconds + plan.patienceMicroseconds {
                // A liar may keep the others from resting, with commands or timeouts, but not from committing.
                if liars.isEmpty { failure = "no rest by \(time / 1_000) ms" }
                break
            }
            perform(deed)
            events += 1
            for crash in crashes where crash.after == events { self.crash(crash) }
        }
    }

    private func crash(_ crash: Crash) {
        for victim in crash.victims where replicas[victim].isUp {
            replicas[victim].crash()
            if crash.comesBack {
                agenda.add(.restart(victim), at: time + random(upTo: 100_000))
            } else {
                lost.insert(victim)
            }
        }
    }

    /// What is wrong after the run.
    var problems: [String] {
        var problems = oracle.violations
        if let failure { problems.append(failure) }
        let honest = replicas.filter { liars[$0.id.index] == nil && !lost.contains($0.id.index) }
        for replica in honest {
            if let halt = replica.halt { problems.append("replica \(replica.id) halted: \(halt)") }
            if replica.core.pendingCommandCount > 0 {
                problems.append("replica \(replica.id) is left with \(replica.core.pendingCommandCount) commands")
            }
        }
        let heights = honest.map(\.core.committed.height)
        // A liar may show the last certificate before the rest, of an empty block, to some only.
        if Set(heights).count > 1, liars.isEmpty { problems.append("heights \(heights.map(\.description))") }
        if plan.hasLateCommands, heights.max() == .genesis { problems.append("nothing was committed") }
        return problems
    }

    private func perform(_ deed: Deed) {
        switch deed {
        case .deliver(let bytes, let sender, let receiver):
            deliveries += 1
            if var liar = liars[receiver] {
                carryOutLies(liar.hear(bytes, generator: &generator), of: receiver)
                liars[receiver] = liar
            }
            tell(receiver) { $0.receive(bytes, from: ReplicaID(UInt16(sender))) }
        case .clock(let index, let wish): if wishes[index] == wish { tell(index) { _ in [] } }
        case .durable(let index, let count, let incarnation):
            guard replicas[index].incarnation == incarnation else { return }
            tell(index) { $0.sync(through: count) }
        case .signed(let index, let request, let incarnation):
            guard replicas[index].incarnation == incarnation else { return }
            tell(index) { $0.sign(request, variant: UInt8(index)) }
        case .execute(let index, let incarnation):
            guard replicas[index].incarnation == incarnation else { return }
            tell(index) { $0.executeNext() }
        case .submit(let index):
            guard replicas[index].isUp, liars[index] == nil else { return }
            submitted += 1
            let command = Command.openSession(nonce: submitted)
            tell(index) { $0.handle(.submitted([command])) }
        case .crash(let index):
            guard !isHealed, replicas[index].isUp else { return }
            replicas[index].crash(luck: generator.below(4))
        case .restart(let index): restart(index)
        case .cut(let left, let right): if !isHealed { broken.formUnion([[left, right], [right, left]]) }
        case .join(let left, let right): if broken.contains([left, right]) { connect(left, right) }
        case .heal: heal()
        }
    }

    private func heal() {
        isHealed = true
        for index in replicas.indices { restart(index) }
        for left in replicas.indices {
            for right in replicas.indices.dropFirst(left + 1) { connect(left, right) }
        }
        if plan.hasLateCommands { for index in replicas.indices { perform(.submit(index)) } }
    }

    private func restart(_ index: Int) {
        guard !replicas[index].isUp, !lost.contains(index) else { return }
        do {
            carryOut(try replicas[index].restart(now: now(index), wall: wall(index)), of: index)
        } catch {
            failure = "replica \(index) cannot restart: \(error)"
        }
        for other in replicas.indices where other != index && !broken.contains([index, other]) { connect(index, other) }
    }

    private func connect(_ left: Int, _ right: Int) {
        broken.subtract([[left, right], [right, left]])
        tell(left) { $0.handle(.connected(ReplicaID(UInt16(right)))) }
        tell(right) { $0.handle(.connected(ReplicaID(UInt16(left)))) }
    }

    private func tell(_ index: Int, _ what: (TestReplica) -> [Effect]) {
        guard replicas[index].isUp else { return }
        carryOut(replicas[index].handle(.clock(now: now(index), wall: wall(index))), of: index)
        carryOut(what(replicas[index]), of: index)
    }

    /// Every replica has a clock of its own.
    private func now(_ index: Int) -> Instant { Instant(time + UInt64(index) * 1_000_000_000) }

    private func wall(_ index: Int) -> Timestamp { Timestamp(1_700_000_000_000 + time / 1_000 + UInt64(index) * 7) }

    private func random(upTo bound: UInt64) -> UInt64 { generator.next() % (bound + 1) }

    private func carryOut(_ effects: [Effect], of index: Int) {
        let replica = replicas[index]
        for effect in effects {
            if let traced, time >= traced { print("\(time / 1_000) r\(index): \(EffectNotation.line(effect))") }
            switch effect {
            case .append:
                agenda.add(
                    .durable(index, count: replica.journal.count, incarnation: replica.incarnation),
                    at: time + random(upTo: plan.diskMicroseconds)
                )
            case .sign(let request):
                agenda.add(
                    .signed(index, request, incarnation: replica.incarnation),
                    at: time + random(upTo: plan.signingMicroseconds)
                )
            case .commit:
                agenda.add(
                    .execute(index, incarnation: replica.incarnation),
                    at: time + random(upTo: plan.executionMicroseconds)
                )
            case .send(let released, let recipients):
                guard var liar = liars[index] else {
                    send(released.message, from: index, to: recipients)
                    break
                }
                carryOutLies(liar.corrupt(released.message, generator: &generator), of: index)
                liars[index] = liar
            case .say(let courtesy, let recipients): send(courtesy.message, from: index, to: recipients)
            case .serve(let request, let pending, let peer):
                let response = replica.response(to: request, pending: pending)
                send(response, from: index, to: .replica(peer))
            case .wake(let instant):
                wishes[index] += 1
                guard let instant else { break }
                let offset = now(index).rawValue - time
                agenda.add(.clock(index, wish: wishes[index]), at: max(time, instant.rawValue - offset))
            case .refuse, .answer, .enter, .gaveUp, .report, .halt: break
            }
        }
    }

    private func carryOutLies(_ lies: [Lie], of index: Int) {
        for lie in lies { post(lie.bytes, from: index, to: lie.receiver.index) }
    }

    private func send(_ message: Message, from sender: Int, to recipients: Recipients) {
        let bytes = Frame.encode(message)
        switch recipients {
        case .everyone:
            for receiver in replicas.indices where receiver != sender { post(bytes, from: sender, to: receiver) }
        case .replica(let receiver): post(bytes, from: sender, to: receiver.index)
        }
    }

    private func post(_ bytes: [UInt8], from sender: Int, to receiver: Int) {
        guard replicas.indices.contains(receiver), receiver != sender else { return }
        guard !isHealed else {
            agenda.add(.deliver(bytes, from: sender, to: receiver), at: time + random(upTo: plan.calmDelayMicroseconds))
            return
        }
        if broken.contains([sender, receiver]) || generator.below(1_000) < plan.lossPerMille { return }
        let copies = generator.below(1_000) < plan.doublePerMille ? 2 : 1
        for _ in 0..<copies {
            agenda.add(.deliver(bytes, from: sender, to: receiver), at: time + random(upTo: plan.delayMicroseconds))
        }
    }
}
