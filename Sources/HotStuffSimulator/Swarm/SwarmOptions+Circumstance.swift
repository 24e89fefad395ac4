internal import HotStuff
internal import HotStuffStorage

// What is drawn otherwise in runs of a certain kind.
extension SwarmOptions {
    /// Changes what was drawn so that the run is one of a kind.
    mutating func apply(_ circumstance: Circumstance, random: inout RandomSource) {
        switch circumstance {
        case .fewLiars:
            leaveInPeace()
            let lies = StrategyName.common
            let isPair = (seed / UInt64(lies.count)) % 2 == 1
            makeEqual(count: isPair ? 7 : 4)
            viewGoal = min(viewGoal, 100)
            network = NetworkConditions(
                delay: 500,
                jitter: 20_000,
                isOrdered: false,
                lossPerMille: random.pick([0, 20])
            )
            settings.pacemaker.viewTimeoutMilliseconds = 250
            // Whoever is away makes a view fail now and then.
            faults = [.pause]
            faultInterval = 1_000_000
            let liar = random.below(powers.count)
            liars = [liar: [lies[Int(seed % UInt64(lies.count))]]]
            if isPair { liars[(liar + powers.count - 1) % powers.count] = [.silent] }
        case .lossyLinks:
            leaveInPeace()
            network = NetworkConditions(
                delay: 500,
                jitter: 500,
                isOrdered: true,
                lossPerMille: 100 + random.below(250)
            )
        case .slowLinks:
            leaveInPeace()
            settings.pacemaker.viewTimeoutMilliseconds = 100
            network = NetworkConditions(delay: 110_000 + random.number(below: 100_000), jitter: 1_000, isOrdered: true)
        case .slowExecution:
            executionTime = 100_000 + random.number(below: 300_000)
            parameters.maximumExecutionLag = 1 + random.number(below: 4)
        case .blackouts:
            durability = .powerLoss
            faults = [.everybodyCrashes, .kill, .powerLoss]
            faultInterval = 300_000 + random.number(below: 1_000_000)
        case .unsynced:
            leaveInPeace()
            durability = .processCrash
            makeEqual(count: 4 + 3 * random.below(2))
            // A lease is 256 views, and one power cut shows little.
            viewGoal *= 3
            roundViews = 20 + random.number(below: 100)
            faults = [.powerLoss, .powerLoss, .kill]
            faultInterval = 300_000 + random.number(below: 1_000_000)
        case .badDisks:
            durability = .powerLoss
            diskTime = 1_000 + random.number(below: 20_000)
            faults = [.diskError, .fullDisk, .powerLoss, .everybodyCrashes, .kill, .flippedBit, .truncation]
            faultInterval = 100_000 + random.number(below: 500_000)
        case .tornWrites:
            leaveInPeace()
            durability = .powerLoss
            makeEqual(count: 7)
            network = .calm
            settings.pacemaker.viewTimeoutMilliseconds = 1_000
            roundViews = viewGoal
            diskTime = 60_000 + random.number(below: 60_000)
            clients.pause = 0
            clients.valueBytes = 4_000
            clients.outstanding = 8
            faults = [.powerLoss]
            faultInterval = 600_000 + random.number(below: 400_000)
        case .falseRanges:
            leaveInPeace()
            makeEqual(count: 4)
            network = .calm
            settings.pacemaker.viewTimeoutMilliseconds = 250
            settings.syncDistance = 1
            faults = [.kill, .pause, .partition]
            faultInterval = 500_000 + random.number(below: 1_000_000)
            liars = [random.below(4): [.falseLibrarian]]
        case .falseSnapshots:
            leaveInPeace()
            makeEqual(count: 4)
            network = .calm
            // Views take long and clients never pause: who is away for a second comes back to others who have no blocks for it.
            network.delay = 5_000
            settings.pacemaker.viewTimeoutMilliseconds = 250
            clients.pause = 0
            clients.outstanding = 4
            parameters.snapshotInterval = 2 + seed % 4
            archive = ArchiveConfiguration(fileByteCount: 1_500, retention: .sinceSnapshot)
            faults = [.pause, .partition]
            faultInterval = 300_000 + random.number(below: 700_000)
            liars = [random.below(4): [.falseLibrarian]]
        case .reputations:
            leaveInPeace()
            makeEqual(count: 7)
            parameters.leaderElection = .reputation
            network = NetworkConditions(delay: 500, jitter: 20_000, isOrdered: false)
            settings.pacemaker.viewTimeoutMilliseconds = 100
            roundViews = viewGoal
            faults = [.pause, .kill]
            faultInterval = 150_000 + random.number(below: 400_000)
            liars = [random.below(7): [random.pick([.tailForks, .forks, .mixed])]]
        case .repetition:
            settings.rememberedCommands = 1 + random.below(4)
            clients.patience = 20_000 + random.number(below: 100_000)
            clients.fanout = powers.count
            faults = [.kill, .pause]
        case .contradiction: leaveInPeace()
        case .divergence:
            leaveInPeace()
            makeEqual(count: max(4, powers.count))
            erring = random.below(powers.count)
        }
    }

    /// As many replicas, all alike.
    private mutating func makeEqual(count: Int) {
        powers = Array(repeating: 1, count: count)
        slowness = Array(repeating: 0, count: count)
        drift = Array(repeating: 0, count: count)
        wallOffset = Array(repeating: 0, count: count)
        attemptTime = Array(repeating: 1, count: count)
    }

    private mutating func leaveInPeace() {
        liars = [:]
        twins = []
        faults = []
        faultInterval = 0
    }
}
