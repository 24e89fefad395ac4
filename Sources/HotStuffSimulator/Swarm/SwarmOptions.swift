internal import HotStuff
internal import HotStuffStorage

/// All that one run has to live through, drawn from its seed.
///
/// Each option is off in many runs: faults that mask each other must also come alone (swarm testing, Groce et al., ISSTA 2012).
struct SwarmOptions: Sendable {
    let seed: UInt64
    /// The voting powers of the replicas.
    var powers: [UInt64]
    /// After how many views the run ends.
    var viewGoal: UInt64
    /// How many views there are faults before they stop and commits are demanded.
    var roundViews: UInt64
    var network: NetworkConditions
    /// The time between two faults, on average; no faults by zero.
    var faultInterval: UInt64
    /// Which faults there are.
    var faults: [Fault]
    /// How long a write, a signature and the execution of a block take at most.
    var diskTime: UInt64
    var signingTime: UInt64
    var executionTime: UInt64
    /// How much slower each replica is: what every message costs it.
    var slowness: [UInt64]
    /// How fast each replica's clock goes, in millionths more than true time.
    var drift: [Int]
    /// How long an attempt at a puzzle takes each replica, in nanoseconds.
    var attemptTime: [UInt64]
    /// How far each replica's calendar is ahead of the slowest, in milliseconds: less than the chain bears.
    var wallOffset: [UInt64]
    var durability: Durability
    var clients: ClientOptions
    /// The replicas that lie, and how.
    var liars: [Int: [StrategyName]]
    /// Whether a liar is two honest copies under one key.
    var twins: Set<Int>
    /// How many follow without a vote: in one of eight seeds one or two, by the seed alone, so that all else is drawn as ever.
    var listeners: Int
    var settings: ConsensusSettings
    var parameters = ChainParameters()
    /// Which final blocks are kept, and in files of which size.
    var archive = SimulatedReplica.wholeArchive
    /// What this run has and others have not.
    let circumstance: Circumstance?
    /// The replica whose application errs.
    var erring: Int?

    /// Something that goes wrong at a moment.
    enum Fault: CaseIterable, Sendable {
        case kill, powerLoss, everybodyCrashes, cut, oneWayCut, flap, partition, pause
        case diskError, fullDisk, flippedBit, truncation
    }

    /// Draws the options of a run.
    ///
    /// - Parameters:
    ///   - seed: decides everything.
    ///   - replicaCount: how many replicas; drawn, if nothing is said.
    ///   - viewGoal: after how many views the run ends.
    ///   - circumstance: what this run has and others have not.
    ///   - commitRule: which blocks become final; drawn, if nothing is said.
    init(
        seed: UInt64,
        replicaCount: Int? = nil,
        viewGoal: UInt64,
        circumstance: Circumstance? = nil,
        commitRule: CommitRule? = nil
    ) {
        self.seed = seed
        self.viewGoal = viewGoal
        self.circumstance = circumstance
        var random = RandomSource(seed: seed ^ 0x5eed_0f5a_11c0_ffee)
        let count = replicaCount ?? SwarmOptions.replicaCount(random: &random)
        powers = SwarmOptions.powers(count: count, random: &random)
        roundViews = 20 + random.number(below: max(1, viewGoal / 2))
        network = SwarmOptions.network(random: &random)
        faults = Fault.allCases.filter { _ in random.chance(oneIn: 3) }
        diskTime = random.chance(oneIn: 4) ? 0 : random.number(below: random.chance(oneIn: 4) ? 50_000 : 4_000)
        signingTime = random.chance(oneIn: 3) ? 0 : random.number(below: 2_000)
        executionTime = random.chance(oneIn: 3) ? 0 : random.number(below: random.chance(oneIn: 4) ? 30_000 : 3_000)
        slowness = Array(repeating: 0, count: count)
        if random.chance(oneIn: 6) { slowness[random.below(count)] = 500 + random.number(below: 20_000) }
        drift = Array(repeating: 0, count: count)
        if random.chance(oneIn: 3) { drift = drift.map { _ in random.below(100_001) - 50_000 } }
        attemptTime = Array(repeating: 1, count: count)
        wallOffset = (0..<count).map { _ in random.number(below: 8_000) }
        durability = random.chance(oneIn: 6) ? .processCrash : .powerLoss
        // What was not synced may be lost by few: that mode does not claim to survive more.
        if durability == .processCrash { faults.removeAll { $0 == .everybodyCrashes } }
        // Of three clusters one has no snapshots, and starts again from the first block.
        if !seed.isMultiple(of: 3) { parameters.snapshotInterval = 5 + seed % 61 }
        // And one keeps few blocks: who is away for long has to take the state of others.
        if seed % 3 == 1 {
            parameters.snapshotInterval = 3 + seed % 11
            archive = ArchiveConfiguration(fileByteCount: 1_000 + seed % 5 * 1_000, retention: .sinceSnapshot)
        }
        clients = ClientOptions(random: &random)
        liars = [:]
        twins = []
        listeners = seed % 8 == 5 && circumstance == nil ? 1 + Int(seed / 8 % 2) : 0
        settings = ConsensusSettings(
            pacemaker: PacemakerSettings(
                viewTimeoutMilliseconds: random.pick([100, 250, 500, 1_000]),
                growthPercent: random.pick([110, 150, 150, 200]),
                maximumTimeoutMilliseconds: random.pick([2_000, 4_000])
            ),
            maximumPendingCommands: 256,
            maximumPendingBytes: 1 << 20,
            rememberedCommands: 4_096,
            syncDistance: 1 + Int(seed / 3 % 24)
        )
        // A view takes about this long; between two faults there is time for some views, or for many.
        let unit = settings.pacemaker.viewTimeoutMilliseconds * 500 + network.delay + network.jitter
        faultInterval = faults.isEmpty ? 0 : unit + random.number(below: unit * (random.chance(oneIn: 3) ? 4 : 20))
        if random.chance(oneIn: 2) { drawLiars(random: &random) }
        if let circumstance { apply(circumstance, random: &random) } else { drawElection() }
        drawWork()
        drawHeartbeat()
        parameters.commitRule = commitRule ?? SwarmOptions.commitRule(seed: seed)
        if circumstance == nil { drawRouting() }
        leaveNoObstacle()
    }

    /// In one of three seeds votes go to the next leader; by the seed alone, so that all else is drawn as ever.
    private mutating func drawRouting() {
        var random = RandomSource(seed: seed ^ 0x726f_7574_6500_0001)
        if random.chance(oneIn: 3) { parameters.voteRouting = .nextLeader }
    }

    /// What cannot commit with so many down as the protocol bears is no chain that anybody would begin.
    private mutating func leaveNoObstacle() {
        if parameters.obstacle(among: powers) != nil { parameters.voteRouting = .everyone }
        if parameters.obstacle(among: powers) != nil { parameters.leaderElection = .weighted }
    }

    /// In three of eight seeds leaders are elected in another way; by the seed alone, so that all else is drawn as ever.
    private mutating func drawElection() {
        var random = RandomSource(seed: seed ^ 0x1ead_e150_0000_0001)
        guard random.below(8) < 3 else { return }
        parameters.leaderElection = random.pick([
            .roundRobin(tenure: 2 + random.number(below: 3)), .weighted, .reputation, .reputation,
        ])
    }

    /// One rule or the other, by the seed alone, so that all else is drawn as ever.
    private static func commitRule(seed: UInt64) -> CommitRule {
        var random = RandomSource(seed: seed ^ 0x7275_6c65_0000_0001)
        return random.chance(oneIn: 2) ? .twoChain : .threeChain
    }

    /// A cluster to which nothing happens.
    static func quiet(_ powers: [UInt64], seed: UInt64 = 1, commitRule: CommitRule? = nil) -> SwarmOptions {
        var options = SwarmOptions(
            seed: seed,
            replicaCount: powers.count,
            viewGoal: 100,
            commitRule: commitRule
        )
        options.powers = powers
        options.network = NetworkConditions(delay: 1_000, jitter: 4_000)
        (options.faults, options.faultInterval) = ([], 0)
        (options.diskTime, options.signingTime, options.executionTime) = (2_000, 500, 1_000)
        options.slowness = powers.map { _ in 0 }
        options.drift = powers.map { _ in 0 }
        options.wallOffset = powers.map { _ in 0 }
        options.durability = .powerLoss
        (options.liars, options.twins, options.listeners) = ([:], [], 0)
        options.parameters.leaderElection = .standard
        options.parameters.voteRouting = .everyone
        options.settings.pacemaker = PacemakerSettings(viewTimeoutMilliseconds: 500, maximumTimeoutMilliseconds: 4_000)
        options.settings.heartbeatMilliseconds = 0
        return options
    }

    private static func powers(count: Int, random: inout RandomSource) -> [UInt64] {
        guard count > 2, random.chance(oneIn: 5) else { return Array(repeating: 1, count: count) }
        return (0..<count).map { _ in 1 + random.number(below: random.chance(oneIn: 4) ? 1 << 40 : 4) }
    }

    /// Mostly few: the smallest cluster that bears a liar shows most, and ten replicas send six times as many messages.
    private static func replicaCount(random: inout RandomSource) -> Int {
        random.chance(oneIn: 20) ? 8 + random.below(3) : random.pick([1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7])
    }

    private static func network(random: inout RandomSource) -> NetworkConditions {
        NetworkConditions(
            delay: random.pick([50, 500, 500, 2_000, 2_000, 20_000, 100_000]),
            jitter: random.pick([0, 500, 500, 2_000, 2_000, 20_000, 20_000, 200_000, 1_000_000]),
            isOrdered: random.chance(oneIn: 2),
            lossPerMille: random.chance(oneIn: 2) ? 0 : random.below(random.chance(oneIn: 3) ? 300 : 30),
            duplicatePerMille: random.chance(oneIn: 2) ? 0 : random.below(200),
            bytesPerSecond: random.chance(oneIn: 6) ? 50_000 + random.number(below: 1_000_000) : 0
        )
    }

    /// As many replicas lie as the protocol bears, or fewer.
    private mutating func drawLiars(random: inout RandomSource) {
        let total = powers.reduce(0, +)
        var spare = total - SimulatedWorld.quorum(of: total)
        var candidates = Array(powers.indices)
        while !candidates.isEmpty {
            let candidate = candidates.remove(at: random.below(candidates.count))
            guard powers[candidate] <= spare else { continue }
            spare -= powers[candidate]
            if random.chance(oneIn: 6) {
                twins.insert(candidate)
                liars[candidate] = []
            } else {
                let count = 1 + random.below(3)
                liars[candidate] = (0..<count).map { _ in random.pick(StrategyName.common) }
            }
            if random.chance(oneIn: 4) { break }
        }
    }

    /// One replica lies in one way, all others are honest and equal.
    mutating func lie(_ strategy: StrategyName) {
        powers = powers.map { _ in 1 }
        twins = []
        liars = [Int(seed % UInt64(powers.count)): [strategy]]
        leaveNoObstacle()
    }

    /// What a number that each replica has is for one of them; a listener has none.
    static func value<Number: FixedWidthInteger>(of numbers: [Number], for replica: ReplicaID) -> Number {
        replica.isListener ? 0 : numbers[replica.index]
    }

    /// The options in one line.
    var summary: String {
        let lies = liars.sorted { $0.key < $1.key }.map { liar in
            "\(liar.key)=\(twins.contains(liar.key) ? "twins" : liar.value.map(\.rawValue).joined(separator: "+"))"
        }
        return
            "n=\(powers.count) rule=\(parameters.commitRule) powers=\(powers) delay=\(network.delay)+\(network.jitter) loss=\(network.lossPerMille) "
            + "duplicates=\(network.duplicatePerMille) ordered=\(network.isOrdered) bandwidth=\(network.bytesPerSecond) "
            + "faults=\(faults.map { "\($0)" }) every \(faultInterval) disk=\(diskTime) signing=\(signingTime) "
            + "execution=\(executionTime) slowness=\(slowness.max() ?? 0) drift=\(drift.map { abs($0) }.max() ?? 0) \(durability) "
            + "timeout=\(settings.pacemaker.viewTimeoutMilliseconds)...\(settings.pacemaker.maximumTimeoutMilliseconds) "
            + "election=\(parameters.leaderElection) votes=\(parameters.voteRouting) circumstance=\(circumstance?.rawValue ?? "none") "
            + "clients=\(clients.count)x\(clients.outstanding) liars=\(lies) listeners=\(listeners)"
    }
}

/// How clients behave.
struct ClientOptions: Sendable {
    /// How many clients there are.
    var count: Int
    /// How many commands each has under way.
    var outstanding: Int
    /// How long a client waits before it asks others, in microseconds.
    var patience: UInt64
    /// How long a client thinks between an answer and its next command.
    var pause: UInt64
    /// How many replicas are asked at first.
    var fanout: Int
    /// The most bytes of a value.
    var valueBytes: Int

    init(random: inout RandomSource) {
        count = 1 + random.below(4)
        outstanding = random.pick([1, 1, 2, 4, 8])
        patience = 500_000 + random.number(below: 4_000_000)
        pause = random.chance(oneIn: 2) ? 0 : random.number(below: 200_000)
        fanout = random.pick([1, 1, 2, 10])
        valueBytes = random.chance(oneIn: 5) ? 2_000 : 16
    }
}
