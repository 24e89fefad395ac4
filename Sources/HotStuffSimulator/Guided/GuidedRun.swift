public import HotStuff

/// One run against an adversary who knows the protocol and plays for two conflicting chains.
///
/// A random network practically never does what it takes to show that a lock is ignored. This adversary owns the network, the
/// clocks, the crashes and f of the 3f + 1 keys, sees every vote, and decides who is shown what; all that honest replicas
/// sign is real.
public struct GuidedRun: Hashable, Sendable {
    /// The seed that decides everything else.
    public let seed: UInt64
    /// What must never happen, and did.
    public let violations: [Violation]
    /// The number of views that were played.
    public let views: UInt64
    /// The number of blocks that became final at an honest replica.
    public let commits: UInt64
    /// How many certificates were made of blocks that conflict with one certified before: legal below locks.
    public let conflictingCertificates: Int
    /// Whether two certificates made conflicting blocks final.
    public let isForked: Bool

    /// Whether all went well.
    public var isSound: Bool { violations.isEmpty }

    /// Whether a proof of work elects leaders in the run of a seed: in one of eight, of either rule.
    public static func isByWork(_ seed: UInt64) -> Bool { (7...8).contains(seed % 16) }

    /// Plays all that a seed holds.
    ///
    /// The same arguments give the same result, in any process and on any machine.
    ///
    /// - Parameters:
    ///   - seed: decides everything else.
    ///   - replicaCount: how many replicas, at least 4; of them fewer than a third lie.
    ///   - commitRule: which blocks become final; three-chain for odd seeds, if nothing is said.
    ///   - onlyForks: whether promises, rules and locks may be broken unseen, so that it shows whether that leads to a fork.
    ///   - trace: gets a line for everything that happens, if somebody reads it.
    public init(
        seed: UInt64,
        replicaCount: Int = 4,
        commitRule: CommitRule? = nil,
        onlyForks: Bool = false,
        trace: ((String) -> Void)? = nil
    ) {
        let adversary = GuidedAdversary(
            seed: seed,
            replicaCount: max(4, min(replicaCount, 31)),
            leaderElection: GuidedRun.isByWork(seed) ? .proofOfWork(difficulty: 1 + UInt8(seed / 16 % 4)) : .standard,
            commitRule: commitRule ?? (seed.isMultiple(of: 2) ? .twoChain : .threeChain),
            onlyForks: onlyForks,
            trace: trace
        )
        adversary.play()
        self.seed = seed
        violations = adversary.stage.violations
        views = adversary.view.rawValue
        commits = adversary.stage.inspector.chain.height.rawValue
        conflictingCertificates = adversary.conflictCount
        isForked = adversary.isForked
    }
}
