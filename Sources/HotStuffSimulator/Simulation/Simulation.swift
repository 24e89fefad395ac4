internal import HotStuff
internal import HotStuffStorage

/// A whole cluster in one thread and in virtual time: everything that happens follows from a seed.
///
/// Rounds alternate: first faults of all drawn kinds, then a phase in which they stop, for a random quorum or for everybody,
/// and commits are demanded within a bounded time; then the others come back and must catch up.
final class Simulation {
    /// What happens.
    enum Deed {
        case deliver(Envelope, from: ReplicaID, to: Int)
        case clock(Int, wish: Int)
        case write(Int, incarnation: Int)
        indirect case sign(Int, SigningRequest, incarnation: Int)
        case execute(Int, incarnation: Int)
        indirect case mined(Int, Puzzle, wish: Int, incarnation: Int)
        indirect case request(ClientRequest, client: Int, to: Int)
        indirect case respond(ClientResponse, client: Int, from: Int)
        case client(Int, wish: Int)
        case lie(Int)
        case post(Envelope, from: Int, to: ReplicaID)
        case fault
        case restart(Int)
        case cut([[Int]], duration: UInt64)
        case mend([[Int]], era: Int)
        case connection(Int, incarnation: Int, peer: ReplicaID, isUp: Bool)
        case repairDisk(Int)
    }

    let options: SwarmOptions
    let world: SimulatedWorld
    let inspector: Inspector
    /// Whether messages are lost, replicas crash, and so on.
    var isFaulty = true
    var coverage = Coverage()
    var random: RandomSource
    /// Decides who solves a puzzle when.
    var mining: RandomSource
    /// How often each replica wished for a puzzle, or for none: only the last wish counts.
    var miningWishes: [Int]
    /// Decides which blocks rot.
    var rotting: RandomSource
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
    /// Replicas that lost their power without having synced what they signed: they have to learn it again.
    var forgetful: Set<Int> = []
    /// Why replicas halted.
    var halts: [Int: HaltReason] = [:]
    /// Replicas of whose journals a bit was flipped since they started last.
    var flipped: Set<Int> = []
    /// Replicas whose journals lost their ends, once and for all.
    var truncated: Set<Int> = []
    /// Replicas that must not run now.
    var excluded: Set<Int> = []
    /// Which replicas have a connection to which.
    var connected: [Bool] = []
    var trace: TraceHash
    /// Whether a replica hears a message just now.
    var isHearing = false
    /// How often each replica wished to be woken: only the last wish counts.
    var wishes: [Int]
    /// When each replica wants to be woken, by its own clock.
    var moments: [Instant?]
    var clientWishes: [Int] = []
    var pausedUntil: [UInt64]
    var busyUntil: [UInt64]
    /// The view of the last timeout that each replica sent since it started, to tell a repeated one.
    var sentTimeouts: [View?]
    /// The highest view in which an honest replica was.
    var highestView = View.genesis
    private let print: ((String) -> Void)?
    private var deeds: UInt64 = 0
    /// What happens in a run at most, so that every run ends: many times what its views need.
    private let mostDeeds: UInt64

    init(_ options: SwarmOptions, print: ((String) -> Void)? = nil) {
        self.options = options
        self.print = print
        mostDeeds = 1_000_000 + 20_000 * options.viewGoal
        random = RandomSource(seed: options.seed)
        mining = RandomSource(seed: options.seed ^ 0x3147_e000_0000_0001)
        rotting = RandomSource(seed: ~options.seed)
        world = SimulatedWorld(powers: options.powers, parameters: options.parameters, seed: options.seed)
        inspector = Inspector(world: world)
        trace = TraceHash()
        let twins = options.twins.sorted()
        let count = options.powers.count + twins.count + options.listeners
        network = Network(count: count, conditions: options.network)
        wishes = Array(repeating: 0, count: count)
        moments = Array(repeating: nil, count: count)
        miningWishes = Array(repeating: 0, count: count)
        pausedUntil = Array(repeating: 0, count: count)
        sentTimeouts = Array(repeating: nil, count: count)
        busyUntil = Array(repeating: 0, count: count)
        connected = Array(repeating: false, count: count * count)
        bodies = options.powers.indices.map { [$0] }
        for (offset, twin) in twins.enumerated() { bodies[twin].append(options.powers.count + offset) }
        let listeners = ReplicaID.listeners.lowerBound.index..<ReplicaID.listeners.lowerBound.index + options.listeners
        let identities = Array(options.powers.indices) + twins + listeners
        replicas = identities.enumerated().map { index, identity in
            SimulatedReplica(
                index: index,
                id: ReplicaID(UInt16(identity)),
                listeners: listeners.contains(identity) ? [] : listeners.map { ReplicaID(UInt16($0)) },
                world: world,
                settings: options.settings,
                durability: options.durability,
                archive: options.archive,
                errsAt: options.erring == identity ? 5 : nil,
                sharesKey: options.liars[identity] != nil,
                inspector: options.liars[identity] == nil && options.erring != identity && !listeners.contains(identity)
                    ? inspector : nil,
                surroundings: self
            )
        }
        let coven = Coven(
            world: world,
            pens: options.liars.keys.sorted().map { world.keys.pen(of: ReplicaID(UInt16($0))) }
        )
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

    /// Those that follow without a vote.
    var listeners: [SimulatedReplica] { Array(replicas.suffix(options.listeners)) }

    /// The indices of the replicas with an identity.
    func bodies(of id: ReplicaID) -> [Int] {
        guard id.isListener else { return bodies[id.index] }
        return [replicas.count - options.listeners + id.index - ReplicaID.listeners.lowerBound.index]
    }

    /// Whether nothing has gone wrong so far.
    var isSound: Bool { inspector.violations.isEmpty }

    // MARK: The loop

    /// Begins: all replicas start, clients and faults set in.
    func begin() {
        coverage.count(.byzantineReplicas, options.liars.count)
        coverage.count(.twins, options.twins.count)
        coverage.count(.listeners, options.listeners)
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

    /// Whether more has happened than any run should need.
    var isExhausted: Bool { deeds >= mostDeeds }

    /// Goes on until a condition holds, a moment has come, or something is violated.
    ///
    /// - Returns: whether the condition holds.
    func run(until moment: UInt64, or condition: () -> Bool) -> Bool {
        var steps = 0
        while isSound, !isExhausted {
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
        trace.add(deed.mark, at: time, who: deed.actor ?? 0, what: deed.content)
        if let index = deed.actor {
            let free = max(pausedUntil[index], busyUntil[index])
            if free > time {
                agenda.add(deed, at: free)
                return
            }
        }
        switch deed {
        case .deliver(let envelope, let sender, let receiver):
            deliver(envelope, from: sender, to: receiver)
        case .clock(let index, let wish):
            guard wishes[index] == wish else { return }
            tellTime(replicas[index])
            if replicas[index].isHonest, replicas[index].core.isRestOver { coverage.count(.heartbeats) }
            // A clock that is slow shows the moment later.
            if wishes[index] == wish, let moment = moments[index], now(index) < moment { arm(index) }
        case .write(let index, let incarnation):
            tellTime(replicas[index])
            replicas[index].finishWriting(incarnation: incarnation)
        case .sign(let index, let request, let incarnation):
            replicas[index].sign(request, incarnation: incarnation, variant: UInt8(truncatingIfNeeded: incarnation))
        case .execute(let index, let incarnation):
            replicas[index].execute(incarnation: incarnation)
        case .mined(let index, let puzzle, let wish, let incarnation):
            guard miningWishes[index] == wish, replicas[index].incarnation == incarnation else { return }
            tellTime(replicas[index])
            // The time may have brought another view.
            guard miningWishes[index] == wish, let nonce = SwarmOptions.solution(of: puzzle, random: &mining)
            else { return }
            if replicas[index].isHonest { coverage.count(.minedProofs) }
            replicas[index].mined(puzzle, nonce: nonce, incarnation: incarnation)
        case .request(let request, let client, let index):
            guard case .submit(let commands) = request else { return }
            tellTime(replicas[index])
            replicas[index].submit(commands, client: client)
        case .respond(let response, let client, let index):
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
        case .cut(let links, let duration):
            if isFaulty { cut(links, for: duration, breaking: true) }
        case .mend(let links, let era):
            // What was cut in an earlier round was mended when the round ended.
            guard era == network.era else { return }
            for link in links { network.mend(link[0], link[1]) }
            reconnect()
        case .connection(let index, let incarnation, let peer, let isUp):
            // A replica that paused hears only how it is now, as a transport would tell it.
            let isConnectedNow = bodies(of: peer).contains { isConnected(index, $0) }
            guard replicas[index].isUp, replicas[index].incarnation == incarnation, isConnectedNow == isUp
            else { return }
            tellTime(replicas[index])
            replicas[index].connection(to: peer, isUp: isUp)
        case .repairDisk(let index):
            replicas[index].disk.clearFaults()
            replicas[index].disk.limit(to: .max)
        }
    }

    /// Writes a line of the trace, if anybody reads it.
    func note(_ line: () -> String) {
        guard let print else { return }
        print("\(time / 1_000).\(String(1_000 + time % 1_000).dropFirst()) \(line())")
    }
}
