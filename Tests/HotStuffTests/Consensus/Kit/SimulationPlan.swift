import HotStuff

/// What a simulated cluster has to live through, all drawn from a seed.
struct SimulationPlan: CustomStringConvertible {
    let seed: UInt64
    var replicaCount: Int
    var powers: [UInt64]?
    var liars: [Int: Liar.Kind] = [:]
    var commandCount: Int
    var crashCount: Int
    var cutCount: Int
    var lossPerMille: Int
    var doublePerMille: Int
    var delayMicroseconds: UInt64
    var calmDelayMicroseconds: UInt64
    var diskMicroseconds: UInt64
    var signingMicroseconds: UInt64
    var executionMicroseconds: UInt64
    /// How long there are faults.
    var faultMicroseconds: UInt64
    /// By when after that the cluster must have come to rest.
    var patienceMicroseconds: UInt64 = 60_000_000
    var settings: ConsensusSettings
    /// Whether each replica gets another command when all is healed; if not, the cluster has to end what it began by itself.
    var hasLateCommands: Bool

    /// Draws a plan; about half of those with enough replicas have liars.
    init(seed: UInt64) {
        self.seed = seed
        var generator = SplitMix64(seed: seed ^ 0x5eed)
        hasLateCommands = generator.chance(oneIn: 2)
        replicaCount = 1 + generator.below(7)
        commandCount = 1 + generator.below(12)
        crashCount = generator.chance(oneIn: 3) ? 0 : generator.below(2 * replicaCount)
        cutCount = generator.chance(oneIn: 3) ? 0 : generator.below(2 * replicaCount)
        lossPerMille = generator.chance(oneIn: 2) ? 0 : generator.below(300)
        doublePerMille = generator.chance(oneIn: 2) ? 0 : generator.below(300)
        delayMicroseconds = generator.chance(oneIn: 3) ? 1_500_000 : UInt64(1_000 + generator.below(200_000))
        calmDelayMicroseconds = UInt64(500 + generator.below(50_000))
        diskMicroseconds = generator.chance(oneIn: 3) ? 0 : UInt64(generator.below(20_000))
        signingMicroseconds = generator.chance(oneIn: 3) ? 0 : UInt64(generator.below(3_000))
        executionMicroseconds = generator.chance(oneIn: 3) ? 0 : UInt64(generator.below(30_000))
        faultMicroseconds = UInt64(1_000_000 + generator.below(10_000_000))
        settings = ConsensusSettings(
            pacemaker: PacemakerSettings(viewTimeoutMilliseconds: 500, maximumTimeoutMilliseconds: 4_000)
        )
        let liarCount = (replicaCount - 1) / 3
        if liarCount > 0, generator.chance(oneIn: 2) {
            let first = generator.below(replicaCount)
            for offset in 0..<liarCount {
                liars[(first + offset * 2) % replicaCount] =
                    Liar.Kind.allCases[generator.below(Liar.Kind.allCases.count)]
            }
        }
    }

    var description: String {
        "seed \(seed): n=\(replicaCount) liars=\(liars.sorted { $0.key < $1.key }) crashes=\(crashCount) cuts=\(cutCount) "
            + "loss=\(lossPerMille) delay=\(delayMicroseconds)"
    }
}
