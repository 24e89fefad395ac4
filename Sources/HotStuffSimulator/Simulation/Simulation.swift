internal import HotStuff
internal import HotStuffStorage

/// A whole cluster in one thread and in virtual time: everything that happens follows from a seed.
///
/// Rounds alternate: first faults of all drawn kinds, then a phase in which they stop, for a random quorum or for everybody,
/// and commits are demanded within a bounded time; then the others come back and must catch up.
final class Simulation: Surroundings {
    /// What happens.
    enum Deed {
        case deliver(Envelope, from: ReplicaID, to: Int)
        case clock(Int, wish: Int)
        case write(Int, incarnation: Int)
        case sign(Int, SigningRequest, incarnation: Int)
        case execute(Int, incarnation: Int)
        case request(ClientRequest, client: Int, to: Int)
        case respond(ClientResponse, client: Int, from: Int)
        case client(Int, wish: Int)
        case lie(Int)
        case post(Envelope, from: Int, to: ReplicaID)
        case fault
        case restart(Int)
        case mend([[Int]])
        case repairDisk(Int)
    }

    let options: SwarmOptions
    let world: SimulatedWorld
    let inspector: Inspector
    /// Whether messages are lost, replicas crash, and so on.
    var isFaulty = true
    var coverage = Coverage()
    var random: RandomSource
    var agenda = Agenda<Deed>()
    var network: Network
    /// All replicas by index: first each once, then the second of each pair of twins.
    private(set) var replicas: [SimulatedReplica] = []
    /// The indices of the replicas with an identity.
    private(set) var bodies: [[Int]] = []
    var liars: [Int: Liar] = [:]
    var clients: [SimulatedClient] = []
    /// The virtual time, in microseconds.
    private(set) var time: UInt64 = 0
    /// Replicas whose disks lost what was durable: they may break promises now, and count among the faulty.
    var damaged: Set<Int> = []
    /// Why replicas halted.
    var halts: [Int: HaltReason] = [:]
    /// Replicas of whose journals a bit was flipped since they started last.
    var flipped: Set<Int> = []
    /// Replicas whose journals lost their ends, once and for all.
    var truncated: Set<Int> = []
    /// Replicas that must not run now.
    var excluded: Set<Int> = []
    /// Which replicas have a connection to which.
    private var connected: [Bool] = []
    private var trace: TraceHash
    /// Whether a replica hears a message just now.
    private var isHearing = false
    private var wishes: [Int]
    private var moments: [Instant?]
    private var clientWishes: [Int] = []
    private var pausedUntil: [UInt64]
    private var busyUntil: [UInt64]
    /// When the pauses and delays of a phase end.
    private(set) var highestView = View.genesis
    private let print: ((String) -> Void)?
    private var deeds: UInt64 = 0
    /// What happens in a run at most, so that every run ends: many times what its views need.
    private let mostDeeds: UInt64

    init(_ options: SwarmOptions, print: ((String) -> Void)? = nil) {
        self.options = options
        self.print = print
        mostDeeds = 1_000_000 + 20_000 * options.viewGoal
        random = RandomSource(seed: options.seed)
        world = SimulatedWorld(powers: options.powers, parameters: options.parameters, seed: options.seed)
        inspector = Inspector(world: world)
        trace = TraceHash()
        let twins = options.twins.sorted()
        let count = options.powers.count + twins.count
        network = Network(count: count, conditions: options.network)
        wishes = Array(repeating: 0, count: count)
        moments = Array(repeating: nil, count: count)
        pausedUntil = Array(repeating: 0, count: count)
        busyUntil = Array(repeating: 0, count: count)
        connected = Array(repeating: false, count: count * count)
        bodies = options.powers.indices.map { [$0] }
        for (offset, twin) in twins.enumerated() { bodies[twin].append(options.powers.count + offset) }
        let identities = Array(options.powers.indices) + twins
        replicas = identities.enumerated().map { index, identity in
            SimulatedReplica(
                index: index,
                id: ReplicaID(UInt16(identity)),
                world: world,
                settings: options.settings,
                durability: options.durability,
                errsAt: options.erring == identity ? 5 : nil,
                inspector: options.liars[identity] == nil && options.erring != identity ? inspector : nil,
                surroundings: self
            )
        }
        let coven = Coven(world: world, members: options.liars.keys.sorted().map { ReplicaID(UInt16($0)) })
        for (index, names) in options.liars.sorted(by: { $0.key < $1.key }) where !options.twins.contains(index) {
            liars[index] = Liar(
                world: world,
                pen: world.keys.pen(of: ReplicaID(UInt16(index))),
                coven: coven,
                strategies: names.map(\.strategy),
                viewTimeout: options.settings.pacemaker.viewTimeoutMilliseconds * 1_000,
                random: random.split()
            )
        }
        clients = (0..<options.clients.count).map {
            SimulatedClient(index: $0, world: world, options: options.clients, random: random.split())
        }
        clientWishes = Array(repeating: 0, count: clients.count)
    }

    /// The digest of all that has happened.
    var traceHash: Digest { trace.digest }

    /// The replicas that follow the protocol and whose disks are whole.
    var honest: [SimulatedReplica] { replicas.filter { $0.isHonest && !damaged.contains($0.index) } }

    /// Whether nothing has gone wrong so far.
    var isSound: Bool { inspector.violations.isEmpty }

    // MARK: The loop

    /// Begins: all replicas start, clients and faults set in.
    func begin() {
        coverage.count(.byzantineReplicas, options.liars.count)
        coverage.count(.twins, options.twins.count)
        coverage.count(.driftingClocks, options.drift.contains { $0 != 0 } ? 1 : 0)
        coverage.count(.slowReplicas, options.slowness.contains { $0 > 0 } ? 1 : 0)
        coverage.count(.narrowLinks, options.network.bytesPerSecond > 0 ? 1 : 0)
        coverage.count(.weightedCommittees, Set(options.powers).count > 1 ? 1 : 0)
        note { "options: \(self.options.summary)" }
        for replica in replicas { start(replica) }
        for index in clients.indices { askClient(index) }
        for index in liars.keys.sorted() { agenda.add(.lie(index), at: random.number(below: 200_000)) }
        if options.faultInterval > 0 { agenda.add(.fault, at: random.number(below: 2 * options.faultInterval)) }
    }

    /// Goes on until a condition holds, a moment has come, or something is violated.
    ///
    /// - Returns: whether the condition holds.
    func run(until moment: UInt64, or condition: () -> Bool) -> Bool {
        var steps = 0
        while isSound, deeds < mostDeeds {
            steps &+= 1
            if steps & 15 == 1, condition() { return true }
            guard let next = agenda.nextTime, next <= moment else { break }
            step()
        }
        time = max(time, isSound ? min(moment, agenda.nextTime ?? moment) : time)
        return condition()
    }

    /// Carries out what comes next, if anything does.
    func step() {
        guard let (moment, deed) = agenda.next() else { return }
        time = max(time, moment)
        deeds += 1
        perform(deed)
    }

    private func perform(_ deed: Deed) {
        if let index = actor(of: deed) {
            let free = max(pausedUntil[index], busyUntil[index])
            if free > time {
                agenda.add(deed, at: free)
                return
            }
        }
        switch deed {
        case .deliver(let envelope, let sender, let receiver):
            trace.add(1, at: time, who: receiver, what: envelope.mark)
            deliver(envelope, from: sender, to: receiver)
        case .clock(let index, let wish):
            guard wishes[index] == wish else { return }
            trace.add(2, at: time, who: index, what: 0)
            tellTime(replicas[index])
            // A clock that is slow shows the moment later.
            if wishes[index] == wish, let moment = moments[index], now(index) < moment { arm(index) }
        case .write(let index, let incarnation):
            trace.add(3, at: time, who: index, what: UInt64(incarnation))
            tellTime(replicas[index])
            replicas[index].finishWriting(incarnation: incarnation)
        case .sign(let index, let request, let incarnation):
            trace.add(4, at: time, who: index, what: request.number)
            replicas[index].sign(request, incarnation: incarnation, variant: UInt8(truncatingIfNeeded: incarnation))
        case .execute(let index, let incarnation):
            trace.add(5, at: time, who: index, what: UInt64(incarnation))
            replicas[index].execute(incarnation: incarnation)
        case .request(let request, let client, let index):
            trace.add(6, at: time, who: index, what: UInt64(client))
            guard case .submit(let commands) = request else { return }
            tellTime(replicas[index])
            replicas[index].submit(commands, client: client)
        case .respond(let response, let client, let index):
            trace.add(7, at: time, who: client, what: UInt64(index))
            clients[client].hear(response, from: replicas[index].id.index, at: time, inspector: inspector)
            askClient(client)
        case .client(let index, let wish):
            guard clientWishes[index] == wish else { return }
            askClient(index)
        case .lie(let index): passTime(of: index)
        case .post(let envelope, let sender, let receiver): post(envelope, from: sender, to: receiver)
        case .fault: strike()
        case .restart(let index):
            if !excluded.contains(index) { start(replicas[index]) }
        case .mend(let links):
            for link in links { network.mend(link[0], link[1]) }
            reconnect()
        case .repairDisk(let index):
            replicas[index].disk.clearFaults()
            replicas[index].disk.limit(to: .max)
        }
    }

    /// Whose processor a deed needs.
    private func actor(of deed: Deed) -> Int? {
        switch deed {
        case .deliver(_, _, let index), .clock(let index, _), .write(let index, _), .sign(let index, _, _),
            .execute(let index, _), .request(_, _, let index):
            index
        case .respond, .client, .lie, .post, .fault, .restart, .mend, .repairDisk: nil
        }
    }

    // MARK: Replicas

    /// A replica's clock: its own beginning, and its own speed.
    private func now(_ index: Int) -> Instant {
        let drift = Int64(time) * Int64(options.drift[replicas[index].id.index]) / 1_000_000
        return Instant(UInt64(Int64(time) + drift) + UInt64(index) * 1_000_000_000)
    }

    private func wall(_ index: Int) -> Timestamp {
        Timestamp(1_700_000_000_000 + time / 1_000 + UInt64(index) * 37)
    }

    private func tellTime(_ replica: SimulatedReplica) {
        replica.clock(now: now(replica.index), wall: wall(replica.index))
    }

    /// Starts a replica that is down.
    func start(_ replica: SimulatedReplica) {
        guard !replica.isUp else { return }
        let isFirst = replica.incarnation == 0
        let sealed = replica.sealedPosition
        do {
            if replica.isHonest { inspector.restarts(replica.id) }
            try replica.start(now: now(replica.index), wall: wall(replica.index), random: random.split())
            note {
                "r\(replica.index) starts at height \(replica.standing.committedHeight), view \(replica.standing.view)"
            }
        } catch {
            note { "r\(replica.index) cannot start: \(error)" }
            coverage.count(.refusedJournals)
            if !damaged.contains(replica.index), replica.isHonest, !error.isDiskFault {
                inspector.report(Violation(.recovery, "replica \(replica.id) cannot start: \(error)"))
            }
            return
        }
        if flipped.remove(replica.index) != nil, !truncated.contains(replica.index), replica.foundPosition < sealed {
            inspector.report(
                Violation(
                    .recovery,
                    "replica \(replica.id) takes damage in the middle for the end: \(replica.foundPosition.rawValue) of "
                        + "\(sealed.rawValue) records are left"
                )
            )
        }
        if !isFirst { coverage.count(.restarts) }
        reconnect()
    }

    /// A replica dies.
    func crash(_ index: Int, losingPower: Bool) {
        let replica = replicas[index]
        guard replica.isUp else { return }
        let midWrite = replica.isWriting && random.chance(oneIn: 2)
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

    // MARK: Connections

    private func isConnected(_ left: Int, _ right: Int) -> Bool { connected[left * replicas.count + right] }

    private func setConnected(_ left: Int, _ right: Int, _ value: Bool) {
        connected[left * replicas.count + right] = value
        connected[right * replicas.count + left] = value
    }

    /// The connections of a replica are gone, and the others see it.
    func disconnect(_ index: Int) {
        for other in replicas.indices where other != index && isConnected(index, other) { disconnect(index, other) }
    }

    private func disconnect(_ left: Int, _ right: Int) {
        guard isConnected(left, right) else { return }
        setConnected(left, right, false)
        for (one, other) in [(left, right), (right, left)] where replicas[one].isUp {
            // As long as a twin is there, so is the peer.
            guard !bodies[replicas[other].id.index].contains(where: { isConnected(one, $0) }) else { continue }
            tellTime(replicas[one])
            replicas[one].connection(to: replicas[other].id, isUp: false)
        }
    }

    /// Breaks the connections whose links are cut.
    func dropBrokenConnections() {
        for left in replicas.indices {
            for right in replicas.indices where right > left && network.isBroken(left, right) {
                disconnect(left, right)
            }
        }
    }

    /// Makes all connections that can be made.
    func reconnect() {
        for left in replicas.indices where replicas[left].isUp {
            for right in replicas.indices where right > left && replicas[right].isUp {
                guard replicas[left].id != replicas[right].id, !isConnected(left, right),
                    !network.isBroken(left, right)
                else { continue }
                setConnected(left, right, true)
                tellTime(replicas[left])
                replicas[left].connection(to: replicas[right].id, isUp: true)
                tellTime(replicas[right])
                replicas[right].connection(to: replicas[left].id, isUp: true)
            }
        }
    }

    // MARK: Messages

    private func deliver(_ envelope: Envelope, from sender: ReplicaID, to index: Int) {
        let replica = replicas[index]
        guard replica.isUp else { return }
        if isFaulty, options.slowness[replica.id.index] > 0 {
            busyUntil[index] = time + options.slowness[replica.id.index]
        }
        tellTime(replica)
        guard let message = envelope.message else {
            coverage.count(.rejectedMessages)
            return
        }
        if liars[index] != nil {
            lie(index) { $0.hear(message, from: sender) }
        }
        if case .blockResponse(let response) = message, !response.blocks.isEmpty { coverage.count(.servedBlocks) }
        isHearing = true
        defer { isHearing = false }
        let judge = inspector.messages
        if let failure = replica.receive(
            message,
            from: sender,
            fault: envelope.fault { judge.fault(of: $0, from: sender) }
        ) {
            coverage.count(.rejectedMessages)
            if replica.isHonest, isHonest(sender) {
                inspector.report(
                    Violation(
                        .refused,
                        "replica \(replica.id) refused of replica \(sender) \(EffectNotation.text(message)): \(failure)"
                    )
                )
            }
            note { "r\(index) refuses of r\(sender): \(EffectNotation.text(message)): \(failure)" }
        } else {
            note { "r\(index) hears r\(sender): \(EffectNotation.text(message))" }
        }
    }

    /// Whether a replica follows the protocol and its disk is whole.
    private func isHonest(_ id: ReplicaID) -> Bool {
        bodies[id.index].allSatisfy { replicas[$0].isHonest && !damaged.contains($0) }
    }

    func send(_ message: Message, isStatement: Bool, to recipients: Recipients, from replica: SimulatedReplica) {
        if liars[replica.index] != nil {
            lie(replica.index) { $0.bend(message, to: recipients) }
            return
        }
        let envelope = Envelope(message)
        switch recipients {
        case .everyone:
            for peer in world.replicas where peer != replica.id { post(envelope, from: replica.index, to: peer) }
        case .replica(let peer): post(envelope, from: replica.index, to: peer)
        }
    }

    /// A liar acts, with its knowledge of its inside brought up to date.
    private func lie(_ index: Int, _ act: (inout Liar) -> [Letter]) {
        // Taken out, so that it changes in place.
        guard var liar = liars.removeValue(forKey: index) else { return }
        if replicas[index].isUp {
            liar.view = replicas[index].standing.view
            liar.certificates = replicas[index].certificates
        }
        let acts = liar.acts
        let letters = act(&liar)
        coverage.count(.byzantineActs, liar.acts - acts)
        liars[index] = liar
        mail(letters, from: index)
    }

    private func passTime(of index: Int) {
        if replicas[index].isUp, !excluded.contains(index) { lie(index) { $0.passTime() } }
        agenda.add(.lie(index), at: time + 1_000 + random.number(below: 400_000))
    }

    private func mail(_ letters: [Letter], from index: Int) {
        for letter in letters where letter.receiver != replicas[index].id && letter.receiver.index < world.count {
            let envelope =
                switch letter.content {
                case .message(let message): Envelope(message)
                case .bytes(let bytes): Envelope(bytes)
                }
            if letter.delay > 0 {
                agenda.add(.post(envelope, from: index, to: letter.receiver), at: time + letter.delay)
            } else {
                post(envelope, from: index, to: letter.receiver)
            }
        }
    }

    private func post(_ envelope: Envelope, from index: Int, to peer: ReplicaID) {
        for body in bodies[peer.index] where isConnected(index, body) {
            let (first, second, overtakes) = network.arrivals(
                of: envelope.bytes.count,
                from: index,
                to: body,
                at: time,
                random: &random
            )
            guard let first else {
                coverage.count(.lostMessages)
                continue
            }
            if overtakes { coverage.count(.overtakingMessages) }
            agenda.add(.deliver(envelope, from: replicas[index].id, to: body), at: first)
            if let second {
                coverage.count(.duplicatedMessages)
                agenda.add(.deliver(envelope, from: replicas[index].id, to: body), at: second)
            }
        }
    }

    // MARK: Wishes of replicas

    func diskIsWanted(by replica: SimulatedReplica) {
        guard !replica.isWriting else { return }
        replica.startWriting()
        agenda.add(
            .write(replica.index, incarnation: replica.incarnation),
            at: time + random.number(below: options.diskTime + 1)
        )
    }

    func signatureIsWanted(_ request: SigningRequest, by replica: SimulatedReplica) {
        agenda.add(
            .sign(replica.index, request, incarnation: replica.incarnation),
            at: time + random.number(below: options.signingTime + 1)
        )
    }

    func executionIsWanted(by replica: SimulatedReplica) {
        agenda.add(
            .execute(replica.index, incarnation: replica.incarnation),
            at: time + random.number(below: options.executionTime + 1)
        )
    }

    func wake(_ replica: SimulatedReplica, at moment: Instant?) {
        wishes[replica.index] += 1
        moments[replica.index] = moment
        arm(replica.index)
    }

    private func arm(_ index: Int) {
        guard let moment = moments[index] else { return }
        let here = now(index).rawValue
        let wait = moment.rawValue > here ? moment.rawValue - here : 0
        agenda.add(.clock(index, wish: wishes[index]), at: time + wait)
    }

    func answer(_ response: ClientResponse, to client: Int, from replica: SimulatedReplica) {
        if isFaulty, network.conditions.lossPerMille > 0, random.chance(perMille: network.conditions.lossPerMille) {
            return
        }
        let delay = network.conditions.delay + random.number(below: network.conditions.jitter + 1)
        agenda.add(.respond(response, client: client, from: replica.index), at: time + delay)
    }

    func stopped(_ replica: SimulatedReplica, because reason: StopReason) {
        note { "r\(replica.index) stops: \(reason)" }
        disconnect(replica.index)
        switch reason {
        case .halted(let halt):
            halts[replica.index] = halt
            if replica.isHonest, !damaged.contains(replica.index), options.circumstance != .contradiction {
                inspector.report(Violation(.halt, "replica \(replica.id) halted: \(halt)"))
            }
        case .diskFailed:
            agenda.add(.restart(replica.index), at: time + random.number(below: 2_000_000))
        }
    }

    func notice(_ effect: Effect, at replica: SimulatedReplica) {
        switch effect {
        case .enter(let view, _, let reason):
            if replica.isHonest { highestView = max(highestView, view) }
            if reason == .timeoutCertificate { coverage.count(.timeoutCertificates) }
        case .report(.proposals): coverage.count(.conflictingProposals)
        case .report(.votes): coverage.count(.conflictingVotes)
        case .say(.blockRequest, _): coverage.count(.fetches)
        case .send(let released, _):
            if case .timeout(let timeout) = released.message {
                if timeout.statement.view < replica.standing.record.lastTimedOutView { break }
                coverage.count(.resentTimeouts)
            }
        case .gaveUp:
            // Its own time is told before it hears anything.
            if isHearing { coverage.count(.joinedTimeouts) }
        case .commit(let block, _, _): if block.payload.isEmpty { coverage.count(.emptyBlocks) }
        case .answer: coverage.count(.repeatedCommands)
        case .append, .sign, .say, .serve, .refuse, .wake, .halt: break
        }
        note { "r\(replica.index): \(EffectNotation.line(effect))" }
    }

    // MARK: Clients

    /// Lets a client act, and sets the moment at which it wants to act again.
    func askClient(_ index: Int) {
        let retries = clients[index].retries
        for question in clients[index].act(at: time, inspector: inspector) {
            for body in bodies[question.replica] {
                if isFaulty, network.conditions.lossPerMille > 0,
                    random.chance(perMille: network.conditions.lossPerMille)
                {
                    continue
                }
                let delay = network.conditions.delay + random.number(below: network.conditions.jitter + 1)
                agenda.add(.request(question.request, client: index, to: body), at: time + delay)
            }
        }
        coverage.count(.clientRetries, clients[index].retries - retries)
        clientWishes[index] += 1
        if let next = clients[index].nextTime {
            agenda.add(.client(index, wish: clientWishes[index]), at: max(next, time + 1))
        }
    }

    /// Writes a line of the trace, if anybody reads it.
    func note(_ line: () -> String) {
        guard let print else { return }
        print("\(time / 1_000).\(String(1_000 + time % 1_000).dropFirst()) \(line())")
    }
}

extension JournalError {
    /// Whether the disk failed, not what is on it.
    var isDiskFault: Bool {
        if case .disk = self { true } else { false }
    }
}
