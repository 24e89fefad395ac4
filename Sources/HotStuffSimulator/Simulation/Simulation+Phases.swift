internal import HotStuff
internal import HotStuffStorage

/// A run's failure to make progress when nothing was in the way.
struct LivenessFailure: Equatable {
    let detail: String
}

// When the faults stop, the cluster must go on.
extension Simulation {
    /// Lives through rounds of faults and calm until the view goal is reached.
    ///
    /// - Returns: the first lack of progress, if there was one.
    func runRounds() -> LivenessFailure? {
        begin()
        if options.circumstance == .contradiction {
            contradict()
            return nil
        }
        if let erring = options.erring { damaged.insert(erring) }
        defer { reportDivergence() }
        while isSound, !isExhausted {
            let goal = highestView.rawValue + options.roundViews
            _ = run(until: time + 120_000_000) { self.highestView.rawValue >= goal }
            guard isSound else { return nil }
            if isExhausted { break }
            let failure = random.chance(oneIn: 2) ? quorumGoesOn() : everybodyGoesOn()
            if failure != nil || !isSound { return failure }
            if let failure = othersCatchUp() ?? forgetfulSignAgain() { return failure }
            guard highestView.rawValue < options.viewGoal, time < 4_000_000_000 else { return nil }
            isFaulty = true
            network.conditions = options.network
        }
        return isExhausted && isSound
            ? LivenessFailure(detail: "no end: more happened than \(options.viewGoal) views need") : nil
    }

    /// Whether a proof of work elects leaders.
    private var isByWork: Bool {
        if case .proofOfWork = options.parameters.leaderElection { true } else { false }
    }

    /// How long a quorum may take to commit: each of its replicas may sit in a view of the longest time, and each leader
    /// that is gone costs another.
    private var patience: UInt64 {
        // By proof of work a search of that many difficulties may lie ahead.
        let search: UInt64 = isByWork ? 150 : 0
        return (UInt64(3 * world.count + 10) + search) * options.settings.pacemaker.maximumTimeoutMilliseconds * 1_000
    }

    /// The faults stop for a random quorum only; everybody else is dead or cut off.
    private func quorumGoesOn() -> LivenessFailure? {
        guard let quorum = drawQuorum() else { return everybodyGoesOn() }
        note { "calm for \(quorum.sorted()) only" }
        calm()
        for index in replicas.indices where !quorum.contains(index) {
            excluded.insert(index)
            if random.chance(oneIn: 2) { crash(index, losingPower: options.durability == .powerLoss) }
            for other in replicas.indices where other != index {
                network.cut(index, other)
                network.cut(other, index)
            }
        }
        dropBrokenConnections()
        for index in quorum.sorted() { start(replicas[index]) }
        reconnect()
        guard hasStarted(quorum) else { return nil }
        if let failure = commits(by: quorum, what: "a quorum") { return failure }
        coverage.count(.quorumPhases)
        return nil
    }

    /// The faults stop for everybody but the liars, who go on.
    private func everybodyGoesOn() -> LivenessFailure? {
        note { "calm for all" }
        calm()
        for replica in replicas { start(replica) }
        reconnect()
        let living = Set(honest.filter(\.isUp).map(\.index))
        guard world.isQuorum(living.map { replicas[$0].id }), leadsOn(living.filter { !replicas[$0].isForgetful })
        else { return nil }
        guard hasStarted(living) else { return nil }
        let start = inspector.chain.height
        if let failure = commits(by: living, what: "everybody") { return failure }
        coverage.count(.everybodyPhases)
        // Whose blocks there are shows only after some of them.
        let enough = Height(start.rawValue + UInt64(3 * world.count))
        if !options.liars.isEmpty, run(until: time + patience, or: { inspector.chain.height >= enough }) {
            coverage.count(.chainsJudged)
            inspector.report(chainQuality(above: start))
        }
        return nil
    }

    /// Whether one of some replicas has started; who has to get blocks before it can waits for such a one.
    private func hasStarted(_ group: Set<Int>) -> Bool { group.contains { !replicas[$0].isMending } }

    /// The network, the disks and the processors work again.
    func calm() {
        isFaulty = false
        network.mendAll()
        network.conditions = .calm
        resumeAll()
        for replica in replicas {
            replica.disk.clearFaults()
            replica.disk.limit(to: .max)
        }
    }

    /// New commands must become final at all of some replicas, and their clients must learn the results.
    func commits(by group: Set<Int>, what: String) -> LivenessFailure? {
        let start = inspector.chain.height
        let believed = inspector.clients.believedCount
        for index in clients.indices { askClient(index) }
        let members = group.sorted()
        let ok = run(until: time + patience) {
            inspector.clients.believedCount > believed
                && members.allSatisfy { replicas[$0].isUp && replicas[$0].standing.committedHeight > start }
        }
        guard !ok, isSound else { return nil }
        let views = members.map { replicas[$0].isUp ? "\(replicas[$0].standing.view)" : "down" }
        return LivenessFailure(
            detail: "\(what) \(members) did not commit within \(patience / 1_000) ms: views \(views), "
                + "heights \(members.map { replicas[$0].standing.committedHeight.rawValue }) from \(start), "
                + "answers \(inspector.clients.believedCount - believed)"
        )
    }

    /// Those who were away come back and must reach what was final when they did.
    func othersCatchUp() -> LivenessFailure? {
        guard isSound else { return nil }
        let target = inspector.chain.height
        excluded = []
        network.mendAll()
        for replica in replicas { start(replica) }
        reconnect()
        let isIdle = random.chance(oneIn: 3)
        if isIdle { for index in clients.indices { clients[index].isActive = false } }
        let members = honest + listeners
        // Who could not keep a snapshot, for its disk was full, tries again after a pause by its own clock.
        let pause = members.map { $0.snapshotPauseEnd.rawValue - min($0.now.rawValue, $0.snapshotPauseEnd.rawValue) }
        let ok = run(until: time + patience + (pause.max() ?? 0) * 2) {
            members.allSatisfy { $0.isUp && $0.standing.committedHeight >= target }
        }
        if ok { for listener in listeners { inspector.report(difference(of: listener)) } }
        if ok, isIdle { inspector.report(restlessness()) }
        for index in clients.indices { clients[index].isActive = true }
        for index in clients.indices { askClient(index) }
        guard isSound else { return nil }
        guard !ok else {
            coverage.count(.caughtUp)
            coverage.count(.listenersCaughtUp, listeners.count)
            return nil
        }
        return LivenessFailure(
            detail: "not all of \(members.map(\.index)) reached height \(target) within \(patience / 1_000) ms: "
                + "\(members.map { $0.isUp ? "\($0.standing.committedHeight)" : "down" })"
        )
    }

    /// Whether a listener stands on another block than those who vote.
    private func difference(of listener: SimulatedReplica) -> Violation? {
        let standing = listener.standing
        guard let known = inspector.chain.finalBlock(at: standing.committedHeight), known.id != standing.committedBlock
        else { return nil }
        return Violation(.agreement, "listener \(listener.id) stands on another block of height \(known.height)")
    }

    /// Who may have forgotten what it signed must come to sign again, also where nobody asks for anything but itself.
    private func forgetfulSignAgain() -> LivenessFailure? {
        let forgetful = honest.filter { $0.isUp && $0.isForgetful }
        guard isSound, !forgetful.isEmpty else { return nil }
        let isIdle = random.chance(oneIn: 2)
        if isIdle { for index in clients.indices { clients[index].isActive = false } }
        // The lease is some views ahead, and every leader that is gone costs a view of the longest time.
        let views = SigningLease<SimulatedDisk>.length + UInt64(world.count)
        let longest = options.settings.pacemaker.maximumTimeoutMilliseconds * 1_000
        let ok = run(until: time + patience + views * longest) { !forgetful.contains(where: \.isForgetful) }
        for index in clients.indices { clients[index].isActive = true }
        for index in clients.indices { askClient(index) }
        guard !ok, isSound, !isExhausted else { return nil }
        return LivenessFailure(
            detail: "\(forgetful.filter(\.isForgetful).map(\.index)) may still not sign, in view \(highestView)"
        )
    }

    /// Views that go on although nobody asks for anything.
    private func restlessness() -> Violation? {
        guard isSound, options.liars.isEmpty, damaged.isEmpty else { return nil }
        // A command that was final long ago, and that some replicas do not remember, is gone when one of these has led; that may take
        // long where not everybody has his turn soon.
        guard options.parameters.leaderElection == .standard else { return nil }
        _ = run(until: time + patience / 4) { false }
        guard isSound, clients.allSatisfy({ $0.pendingCount == 0 }) else { return nil }
        // For one who has to learn again what it signed they do.
        guard honest.allSatisfy({ $0.standing.record.forgottenThrough == nil }) else { return nil }
        let view = highestView
        _ = run(until: time + patience / 4) { false }
        // A heartbeat is one view, and clocks may be a twentieth too fast.
        let heartbeat = options.settings.heartbeatMilliseconds * 1_000
        let beats = heartbeat > 0 ? 2 + (patience / 4) * 21 / 20 / heartbeat : 0
        guard isSound, highestView.rawValue > view.rawValue + beats else { return nil }
        return Violation(.pacing, "views went on from \(view) to \(highestView) although nobody asked for anything")
    }

    /// As few honest replicas as make a quorum, drawn at random; nothing if no quorum of honest ones can lead three views.
    private func drawQuorum() -> Set<Int>? {
        for _ in 0..<20 {
            // Who has to learn again what it signed does not vote before it has.
            var candidates = honest.filter { !$0.isForgetful }.map(\.index)
            var quorum: Set<Int> = []
            while !world.isQuorum(quorum.map { replicas[$0].id }), !candidates.isEmpty {
                quorum.insert(candidates.remove(at: random.below(candidates.count)))
            }
            // Of unequal replicas some may be too many.
            for index in quorum.sorted() where world.isQuorum(quorum.filter { $0 != index }.map { replicas[$0].id }) {
                quorum.remove(index)
            }
            if world.isQuorum(quorum.map { replicas[$0].id }), leadsOn(quorum) { return quorum }
        }
        return nil
    }

    /// Whether some replicas lead as many views in a row as make a block final, three or two, and soon; with equal powers every quorum does.
    ///
    /// Where votes go to the next leader, one more has to be there to collect the last ones; by reputation those who are gone are passed over.
    private func leadsOn(_ group: Set<Int>) -> Bool {
        // Whoever is not standing back can lead.
        if isByWork { return true }
        let needed = world.finalityDepth + 1 + (world.isRouted ? 1 : 0)
        var tenure: UInt64 = 1
        switch options.parameters.leaderElection {
        case .roundRobin(let views): tenure = views
        case .reputation where world.isRouted: return true
        case .reputation, .weighted, .proofOfWork: break
        }
        if options.parameters.leaderElection == .weighted {
            // Soon, and once more for who is some views ahead.
            let first = highestView.rawValue + UInt64(world.count)
            return (first..<first + UInt64(world.count)).contains { view in
                (0..<needed).allSatisfy { world.leader(of: View(view + $0)).map { group.contains($0.index) } ?? false }
            }
        }
        return (0..<world.count).contains { first in
            (0..<Int((needed + tenure - 1) / tenure)).allSatisfy { group.contains((first + $0) % world.count) }
        }
    }

    /// In a good network no liar keeps honest leaders out of the chain.
    ///
    /// Where they lead in turn and not by weight, light ones may be most of them.
    private func chainQuality(above height: Height) -> Violation? {
        // Who computes fast leads often; who led last stands back, which is seen with each block.
        guard !isByWork else { return nil }
        let others = world.replicas.filter { !isHonest($0) }
        guard options.parameters.leaderElection == .weighted || others.count * 2 < world.count else { return nil }
        let proposers = inspector.chain.proposers(above: height)
        let liars = proposers.count { options.liars[$0.index] != nil || damaged.contains($0.index) }
        guard liars * 2 > proposers.count + world.count else { return nil }
        return Violation(.chainQuality, "\(liars) of \(proposers.count) final blocks are those of liars")
    }
}
